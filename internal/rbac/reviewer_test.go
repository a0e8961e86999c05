package rbac_test

import (
	"context"
	"errors"
	"sync"

	authorizationv1 "k8s.io/api/authorization/v1"

	"github.com/k8cache/k8cache/internal/rbac"
)

// reviewer is an API server with RBAC and, where judge is set, a webhook authorizer before it. It counts what it is
// asked.
type reviewer struct {
	oracle oracle

	mu         sync.Mutex
	judge      func(authorizationv1.SubjectAccessReviewSpec) authorizationv1.SubjectAccessReviewStatus
	withoutAny bool // RBAC is switched off
	incomplete bool
	err        error
	failIn     string // the namespace about which questions fail
	asked      []authorizationv1.SubjectAccessReviewSpec
	probed     int
	hold       chan struct{} // if not nil, answers wait for it
}

var _ rbac.Reviewer = (*reviewer)(nil)

func (r *reviewer) SubjectAccessReview(_ context.Context, spec authorizationv1.SubjectAccessReviewSpec) (authorizationv1.SubjectAccessReviewStatus, error) {
	if r.hold != nil {
		<-r.hold
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked = append(r.asked, spec)
	if r.err != nil {
		return authorizationv1.SubjectAccessReviewStatus{}, r.err
	}
	if r.failIn != "" && r.failIn == spec.ResourceAttributes.Namespace {
		return authorizationv1.SubjectAccessReviewStatus{}, errors.New("connection reset")
	}
	if r.judge != nil {
		if status := r.judge(spec); status.Allowed || status.Denied {
			return status, nil
		}
	}
	a := spec.ResourceAttributes
	u := rbac.User{Name: spec.User, Groups: spec.Groups}
	q := rbac.Attributes{Verb: a.Verb, Group: a.Group, Resource: a.Resource, Subresource: a.Subresource}
	if !r.withoutAny && r.oracle.allows(u, q, a.Namespace, a.Name) {
		return authorizationv1.SubjectAccessReviewStatus{Allowed: true, Reason: "RBAC: allowed by something"}, nil
	}
	return authorizationv1.SubjectAccessReviewStatus{}, nil
}

func (r *reviewer) SelfSubjectRulesReview(context.Context, string) (authorizationv1.SubjectRulesReviewStatus, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.probed++
	return authorizationv1.SubjectRulesReviewStatus{Incomplete: r.incomplete}, r.err
}

// set changes the API server's configuration while it runs.
func (r *reviewer) set(change func(*reviewer)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(r)
}

// forget forgets what was asked, and returns how much that was.
func (r *reviewer) forget() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := len(r.asked)
	r.asked = nil
	return n
}

func allowed() authorizationv1.SubjectAccessReviewStatus {
	return authorizationv1.SubjectAccessReviewStatus{Allowed: true, Reason: "webhook"}
}

func denied() authorizationv1.SubjectAccessReviewStatus {
	return authorizationv1.SubjectAccessReviewStatus{Denied: true, Reason: "webhook"}
}

func noOpinion() authorizationv1.SubjectAccessReviewStatus {
	return authorizationv1.SubjectAccessReviewStatus{}
}
