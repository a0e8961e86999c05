package rbac_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/rest"

	"github.com/k8cache/k8cache/internal/rbac"
)

// client returns a client of an API server that answers by the handler.
func client(t *testing.T, handler http.HandlerFunc) (*rbac.Client, *httptest.Server) {
	t.Helper()
	server := httptest.NewTLSServer(handler)
	t.Cleanup(server.Close)
	c, err := rbac.NewClient(&rest.Config{
		Host: server.URL + "/prefix", BearerToken: "service", UserAgent: "k8cache/test", TLSClientConfig: rest.TLSClientConfig{Insecure: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c, server
}

func TestClientSendsReviewsAsTheService(t *testing.T) {
	var got []string
	c, _ := client(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, fmt.Sprint(r.Method, " ", r.URL.Path, " ", r.Header.Get("Authorization"), " ", r.UserAgent(), " ", r.Header.Get("Content-Type"), " ", string(body)))
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"status":{"authenticated":true,"user":{"username":"alice"},"userInfo":{"username":"me"},"allowed":true,"incomplete":true}}`)
	})
	token, err := c.TokenReview(t.Context(), authenticationv1.TokenReviewSpec{Token: "tok"})
	if err != nil || !token.Authenticated || token.User.Username != "alice" {
		t.Errorf("TokenReview: %+v, %v", token, err)
	}
	self, err := c.SelfSubjectReview(t.Context())
	if err != nil || self.Username != "me" {
		t.Errorf("SelfSubjectReview: %+v, %v", self, err)
	}
	spec := authorizationv1.SubjectAccessReviewSpec{User: "alice", ResourceAttributes: &authorizationv1.ResourceAttributes{Verb: "get"}}
	for _, reviewer := range []rbac.Reviewer{c, c.Self()} {
		if access, err := reviewer.SubjectAccessReview(t.Context(), spec); err != nil || !access.Allowed {
			t.Errorf("SubjectAccessReview: %+v, %v", access, err)
		}
	}
	rules, err := c.SelfSubjectRulesReview(t.Context(), "default")
	if err != nil || !rules.Incomplete {
		t.Errorf("SelfSubjectRulesReview: %+v, %v", rules, err)
	}
	head := "POST /prefix/apis/%s Bearer service k8cache/test application/json "
	want := []string{
		fmt.Sprintf(head, "authentication.k8s.io/v1/tokenreviews") + `{"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","metadata":{},"spec":{"token":"tok"},"status":{"user":{}}}`,
		fmt.Sprintf(head, "authentication.k8s.io/v1/selfsubjectreviews") + `{"kind":"SelfSubjectReview","apiVersion":"authentication.k8s.io/v1","metadata":{},"status":{"userInfo":{}}}`,
		fmt.Sprintf(head, "authorization.k8s.io/v1/subjectaccessreviews") + `{"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/v1","metadata":{},"spec":{"resourceAttributes":{"verb":"get"},"user":"alice"},"status":{"allowed":false}}`,
		fmt.Sprintf(head, "authorization.k8s.io/v1/selfsubjectaccessreviews") + `{"kind":"SelfSubjectAccessReview","apiVersion":"authorization.k8s.io/v1","metadata":{},"spec":{"resourceAttributes":{"verb":"get"}},"status":{"allowed":false}}`,
		fmt.Sprintf(head, "authorization.k8s.io/v1/selfsubjectrulesreviews") + `{"kind":"SelfSubjectRulesReview","apiVersion":"authorization.k8s.io/v1","metadata":{},"spec":{"namespace":"default"},"status":{"resourceRules":null,"nonResourceRules":null,"incomplete":false}}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestThreat01_AnAnswerLeavesTheQuestionsUserAlone(t *testing.T) {
	c, _ := client(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"spec":{"user":"root","groups":["system:masters"],"extra":{"k":["w"]}},"status":{"allowed":false}}`)
	})
	a := rbac.New(rbac.Options{Mode: rbac.ModeSAR, Reviewer: c})
	u := rbac.User{Name: "alice", Groups: []string{"dev"}, Extra: map[string][]string{"k": {"v"}}}
	var callers sync.WaitGroup
	for i := range 20 {
		callers.Go(func() {
			q := ask("list pods a/")
			q.Name = strconv.Itoa(i)
			if s, err := a.Scope(t.Context(), u, q); err != nil || !s.Empty() {
				t.Errorf("%+v, %v", s, err)
			}
		})
	}
	callers.Wait()
	want := rbac.User{Name: "alice", Groups: []string{"dev"}, Extra: map[string][]string{"k": {"v"}}}
	if diff := cmp.Diff(want, u); diff != "" {
		t.Error(diff)
	}
}

func TestThreat25_ReviewsFollowNoRedirect(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		t.Errorf("a review went elsewhere: %s", body)
	}))
	defer elsewhere.Close()
	c, _ := client(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
	})
	if _, err := c.TokenReview(t.Context(), authenticationv1.TokenReviewSpec{Token: "tok"}); err == nil || !strings.Contains(err.Error(), "307") {
		t.Errorf("got %v", err)
	}
	if _, err := c.SelfSubjectRulesReview(t.Context(), "default"); err == nil || !strings.Contains(err.Error(), "307") {
		t.Errorf("got %v", err)
	}
}

func TestThreat27_OddAnswersToReviewsAreErrors(t *testing.T) {
	for _, test := range []struct {
		name   string
		status int
		body   string
	}{
		{"HTML of a load balancer", 200, "<html>please log in</html>"},
		{"HTML with an error", 502, "<html>bad gateway</html>"},
		{"half a JSON", 201, `{"status":{"authenticated":true,"user":{"userna`},
		{"nothing", 201, ""},
		{"of another type", 201, `{"status":{"authenticated":"yes"}}`},
		{"endless", 201, `{"status":{"authenticated":true},"x":"` + strings.Repeat("x", 2<<20) + `"}`},
		{"a Status", 403, `{"kind":"Status","status":"Failure","message":"tokenreviews is forbidden","reason":"Forbidden","code":403}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, _ := client(t, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.body)
			})
			_, err := c.TokenReview(t.Context(), authenticationv1.TokenReviewSpec{Token: "s3cr3t"})
			if err == nil || strings.Contains(err.Error(), "s3cr3t") || len(err.Error()) > 300 {
				t.Errorf("got %v", err)
			}
			if (test.name == "a Status") != apierrors.IsForbidden(err) {
				t.Errorf("IsForbidden of %v", err)
			}
		})
	}
}

func TestThreat30_AHangingReviewEndsWithItsCaller(t *testing.T) {
	stop := make(chan struct{})
	c, _ := client(t, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-stop:
		}
	})
	defer close(stop)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := c.TokenReview(ctx, authenticationv1.TokenReviewSpec{}); err == nil {
		t.Error("no error")
	}
}

func TestReviewsAtOnceAreBounded(t *testing.T) {
	const bound, all = 64, 300
	var mu sync.Mutex
	now, most := 0, 0
	count := func(change int) {
		mu.Lock()
		defer mu.Unlock()
		now += change
		most = max(most, now)
	}
	arrived, release := make(chan struct{}, all), make(chan struct{})
	c, _ := client(t, func(w http.ResponseWriter, _ *http.Request) {
		count(1)
		arrived <- struct{}{}
		<-release
		count(-1)
		_ = json.NewEncoder(w).Encode(authenticationv1.TokenReview{})
	})
	var callers sync.WaitGroup
	for range all {
		callers.Go(func() { _, _ = c.TokenReview(t.Context(), authenticationv1.TokenReviewSpec{}) })
	}
	for range bound {
		<-arrived
	}
	close(release)
	callers.Wait()
	if most != bound {
		t.Errorf("%d reviews at once, want %d", most, bound)
	}
}
