package rbac_test

import (
	"context"
	"math/rand/v2"
	"testing"

	authorizationv1 "k8s.io/api/authorization/v1"

	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/rbac/rbactest"
)

// TestSARScopeEqualsAskingOneByOne puts a random webhook before random RBAC. What the scope shows must have been
// allowed when asked one by one; and what RBAC gives and the webhook leaves must be shown.
func TestSARScopeEqualsAskingOneByOne(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	maker := rbactest.NewMaker(seed, rbactest.Odd())
	for range 100 {
		w := maker.World()
		c, err := rbactest.NewCluster(w)
		if err != nil {
			t.Fatal(err)
		}
		salt := maker.Question()
		r := &reviewer{oracle: oracle{w}, judge: func(s authorizationv1.SubjectAccessReviewSpec) authorizationv1.SubjectAccessReviewStatus {
			if s.ResourceAttributes.Namespace == salt.Namespace || s.ResourceAttributes.Name == salt.Name {
				return denied()
			}
			return noOpinion()
		}}
		a := rbac.New(rbac.Options{Mode: rbac.ModeSAR, Collections: c, Reviewer: r})
		for range 20 {
			u, q := maker.User(), maker.Question()
			q.Namespaced = true
			s, err := a.Scope(t.Context(), u, q)
			if err != nil {
				t.Fatal(err)
			}
			r.compare(t, s, u, q)
		}
	}
}

// compare checks a scope against the reviewer's answers one by one.
func (r *reviewer) compare(t *testing.T, s rbac.Scope, u rbac.User, q rbac.Attributes) {
	t.Helper()
	asAsked := r.allows(u, q, q.Namespace, q.Name)
	if s.All() != asAsked {
		t.Fatalf("All of %+v for %+v: %v", q, u, s.All())
	}
	for _, namespace := range []string{"a", "a-b", "b", "c", "d"} {
		for _, name := range []string{"x", "y", "z", "a"} {
			if !targeted(q, namespace, name) {
				continue
			}
			if s.Allows(namespace, name) && !asAsked && !r.shows(u, q, namespace, name) {
				t.Fatalf("%+v for %+v shows %s/%s, which is not allowed", q, u, namespace, name)
			}
			if !s.Allows(namespace, name) && r.confirms(u, q, namespace) {
				t.Fatalf("%+v for %+v does not show %s/%s, which is allowed", q, u, namespace, name)
			}
		}
	}
}

// allows asks the API server one question.
func (r *reviewer) allows(u rbac.User, q rbac.Attributes, namespace, name string) bool {
	status, _ := r.SubjectAccessReview(context.Background(), authorizationv1.SubjectAccessReviewSpec{
		User: u.Name, Groups: u.Groups, ResourceAttributes: &authorizationv1.ResourceAttributes{
			Verb: q.Verb, Group: q.Group, Resource: q.Resource, Subresource: q.Subresource, Namespace: namespace, Name: name,
		},
	})
	return status.Allowed
}

// shows reports whether the API server would show the object to somebody who asks for less and less.
func (r *reviewer) shows(u rbac.User, q rbac.Attributes, namespace, name string) bool {
	if q.Verb != "list" && q.Verb != "watch" {
		return false
	}
	return r.allows(u, q, namespace, q.Name) || r.allows(u, q, namespace, name) ||
		q.Namespace == "" && q.Name == "" && r.allows(u, q, "", name)
}

// confirms reports whether a RoleBinding gives the namespace's part of a list across namespaces and the webhook leaves it.
func (r *reviewer) confirms(u rbac.User, q rbac.Attributes, namespace string) bool {
	return q.Namespace == "" && (q.Verb == "list" || q.Verb == "watch") &&
		r.oracle.allows(u, q, namespace, q.Name) && !r.oracle.allows(u, q, "", q.Name) && r.allows(u, q, namespace, q.Name)
}
