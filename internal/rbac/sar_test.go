package rbac_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	authorizationv1 "k8s.io/api/authorization/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/k8cache/k8cache/internal/rbac"
)

func TestReviewSaysEverything(t *testing.T) {
	_, r, a := serve(t, rbac.ModeSAR)
	field, err := fields.ParseSelector("spec.nodeName=n,status.phase!=Failed")
	if err != nil {
		t.Fatal(err)
	}
	label, err := labels.ParseToRequirements("app in (a,b),!old,tier,env!=dev,n>3")
	if err != nil {
		t.Fatal(err)
	}
	u := rbac.User{Name: "alice", UID: "u1", Groups: []string{"dev", "system:authenticated"}, Extra: map[string][]string{"k": {"v", "w"}}}
	q := rbac.Attributes{
		Verb: "list", Group: "apps", Version: "v1beta1", Resource: "deployments", Subresource: "scale", Namespace: "a", Name: "x",
		Namespaced: true, FieldSelector: field.Requirements(), LabelSelector: label,
	}
	if _, err := a.Scope(t.Context(), u, q); err != nil {
		t.Fatal(err)
	}
	want := []authorizationv1.SubjectAccessReviewSpec{{
		User: "alice", UID: "u1", Groups: []string{"dev", "system:authenticated"}, Extra: map[string]authorizationv1.ExtraValue{"k": {"v", "w"}},
		ResourceAttributes: &authorizationv1.ResourceAttributes{
			Namespace: "a", Verb: "list", Group: "apps", Version: "v1beta1", Resource: "deployments", Subresource: "scale", Name: "x",
			FieldSelector: &authorizationv1.FieldSelectorAttributes{Requirements: []metav1.FieldSelectorRequirement{
				{Key: "spec.nodeName", Operator: metav1.FieldSelectorOpIn, Values: []string{"n"}},
				{Key: "status.phase", Operator: metav1.FieldSelectorOpNotIn, Values: []string{"Failed"}},
			}},
			LabelSelector: &authorizationv1.LabelSelectorAttributes{Requirements: []metav1.LabelSelectorRequirement{
				{Key: "app", Operator: metav1.LabelSelectorOpIn, Values: []string{"a", "b"}},
				{Key: "env", Operator: metav1.LabelSelectorOpNotIn, Values: []string{"dev"}},
				{Key: "old", Operator: metav1.LabelSelectorOpDoesNotExist},
				{Key: "tier", Operator: metav1.LabelSelectorOpExists},
			}},
		},
	}}
	sorted := cmp.Transformer("sorted", func(r []metav1.LabelSelectorRequirement) map[string]metav1.LabelSelectorRequirement {
		m := map[string]metav1.LabelSelectorRequirement{}
		for _, one := range r {
			m[one.Key] = one
		}
		return m
	})
	if diff := cmp.Diff(want, r.asked, sorted); diff != "" {
		t.Error(diff)
	}
}

func TestThreat02_SameQuestionsAreAskedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, r, a := serve(t, rbac.ModeSAR, someRBAC()...)
		r.hold = make(chan struct{})
		first, giveUp := context.WithCancel(t.Context())
		var callers sync.WaitGroup
		callers.Go(func() {
			_, err := a.Scope(first, user("alice"), ask("list pods"))
			if codeOf(err) != http.StatusServiceUnavailable {
				t.Errorf("the caller who gave up got %v", err)
			}
		})
		synctest.Wait()
		for range 50 {
			callers.Go(func() {
				if s, err := a.Scope(t.Context(), user("alice"), ask("list pods")); err != nil || !s.All() {
					t.Errorf("alice: %+v, %v", s, err)
				}
			})
			callers.Go(func() {
				if s, err := a.Scope(t.Context(), user("eve"), ask("list pods")); err != nil || !s.Empty() {
					t.Errorf("eve: %+v, %v", s, err)
				}
			})
		}
		synctest.Wait()
		giveUp()
		synctest.Wait()
		close(r.hold)
		callers.Wait()
		if got := r.forget(); got != 2 {
			t.Errorf("asked %d times, want once per user", got)
		}
	})
}

func TestThreat31_OneUserCannotMakeTheClusterAnswerEveryGuess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, r, a := serve(t, rbac.ModeAuto, someRBAC()...)
		refused := 0
		for i := range 1000 {
			_, err := a.Scope(t.Context(), user("eve"), ask(fmt.Sprint("get secrets a/guess", i)))
			if codeOf(err) == http.StatusTooManyRequests {
				refused++
			} else if err != nil {
				t.Fatal(err)
			}
		}
		if refused < 700 || r.forget() > 300 {
			t.Errorf("only %d of 1000 guesses were refused", refused)
		}
		if _, err := a.Scope(t.Context(), user("bob"), ask("get secrets a/x")); err != nil {
			t.Errorf("another user: %v", err)
		}
		if s, err := a.Scope(t.Context(), user("bob"), ask("list pods")); err != nil || s.Empty() {
			t.Errorf("what needs no question: %v", err)
		}
	})
}

func TestAFailingPartIsAnErrorAndNoSmallerWhole(t *testing.T) {
	_, r, a := serve(t, rbac.ModeSAR, someRBAC()...)
	r.failIn = "c"
	if _, err := a.Scope(t.Context(), user("bob"), ask("list pods")); codeOf(err) != http.StatusServiceUnavailable {
		t.Errorf("got %v, want 503", err)
	}
	r.set(func(r *reviewer) { r.failIn = "" })
	if s, err := a.Scope(t.Context(), user("bob"), ask("list pods")); err != nil || s.Empty() {
		t.Errorf("the failure was remembered: %v", err)
	}
}

func TestAListThatWouldTakeTooManyQuestionsIsRefused(t *testing.T) {
	objects := []metav1.Object{clusterRole("list", "list pods")}
	for i := range 2001 {
		objects = append(objects, binding(fmt.Sprint("n", i), "b", "ClusterRole/list", "user:alice"))
	}
	_, r, a := serve(t, rbac.ModeSAR, objects...)
	if _, err := a.Scope(t.Context(), user("alice"), ask("list pods")); codeOf(err) != http.StatusBadRequest || !strings.Contains(err.Error(), "2001") {
		t.Errorf("got %v, want 400", err)
	}
	if got := r.forget(); got != 1 {
		t.Errorf("asked %d questions", got)
	}
}

func TestForbiddenSaysWhatTheWebhookSays(t *testing.T) {
	_, r, a := serve(t, rbac.ModeSAR, someRBAC()...)
	r.judge = denies("a")
	s := scope(t, a, user("bob"), "list pods a/")
	want := `pods is forbidden: User "bob" cannot list resource "pods" in API group "" in the namespace "a": webhook`
	if got := s.Forbidden().Status().Message; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := s.Reason(); got != "SubjectAccessReview: webhook" {
		t.Errorf("reason %q", got)
	}
}

// codeOf returns the code that an error asks for, 0 for none.
func codeOf(err error) int32 {
	if failure, ok := errors.AsType[*rbac.Failure](err); ok {
		return failure.Status().Code
	}
	return 0
}
