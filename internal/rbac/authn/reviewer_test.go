package authn_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	authenticationv1 "k8s.io/api/authentication/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/k8cache/k8cache/internal/rbac/authn"
)

// reviewer is a cluster that knows some tokens and counts how often it is asked.
type reviewer struct {
	mu    sync.Mutex
	known map[string]authenticationv1.TokenReviewStatus
	err   error
	asked []authenticationv1.TokenReviewSpec
	hold  chan struct{} // if not nil, answers wait for it
}

func (r *reviewer) TokenReview(ctx context.Context, spec authenticationv1.TokenReviewSpec) (authenticationv1.TokenReviewStatus, error) {
	if r.hold != nil {
		<-r.hold
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = append(r.asked, spec)
	if err := ctx.Err(); err != nil {
		return authenticationv1.TokenReviewStatus{}, err
	}
	return r.known[spec.Token], r.err
}

func (r *reviewer) SelfSubjectReview(ctx context.Context) (authenticationv1.UserInfo, error) {
	status, err := r.TokenReview(ctx, authenticationv1.TokenReviewSpec{Token: "self"})
	return status.User, err
}

func (r *reviewer) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.asked)
}

func accepted(name string, groups ...string) authenticationv1.TokenReviewStatus {
	return authenticationv1.TokenReviewStatus{Authenticated: true, User: authenticationv1.UserInfo{Username: name, Groups: groups}}
}

// request returns a GET with the headers, given as name, value, name, value.
func request(headers ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/api/v1/pods", nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

// code returns the HTTP status that the error asks for, 200 for none.
func code(t *testing.T, err error) int32 {
	t.Helper()
	if err == nil {
		return http.StatusOK
	}
	status, ok := err.(apierrors.APIStatus)
	if !ok {
		t.Fatalf("error without a Status: %v", err)
	}
	return status.Status().Code
}

// tokens returns an authenticator that judges tokens by r.
func tokens(r *reviewer, audiences ...string) *authn.Authenticator {
	return authn.New(authn.Options{Tokens: authn.NewTokens(authn.TokensOptions{Reviewer: r, Audiences: audiences})})
}
