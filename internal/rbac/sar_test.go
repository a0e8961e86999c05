package rbac_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	authorizationv1 "k8s.io/api/authorization/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/rbac/rbactest"
)

// TestSARScopeEqualsAskingOneByOne puts a random webhook before random RBAC. What the scope shows must have been
// allowed when asked one by one; and what RBAC gives and the webhook leaves must be shown.
func TestSARScopeEqualsAskingOneByOne(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	maker := rbactest.NewMaker(seed, rbactest.Odd())
	for range 300 {
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

func TestThreat01_ReviewsAreRememberedPerIdentityAndQuestion(t *testing.T) {
	base := rbac.User{Name: "alice", UID: "1", Groups: []string{"a", "b"}, Extra: map[string][]string{"k": {"v"}}}
	q := ask("list pods a/")
	other := func(change func(*rbac.User, *rbac.Attributes)) func() (rbac.User, rbac.Attributes) {
		return func() (rbac.User, rbac.Attributes) {
			u, a := base, q
			change(&u, &a)
			return u, a
		}
	}
	label, _ := labels.ParseToRequirements("team=a")
	for name, changed := range map[string]func() (rbac.User, rbac.Attributes){
		"name":          other(func(u *rbac.User, _ *rbac.Attributes) { u.Name = "alic" }),
		"uid":           other(func(u *rbac.User, _ *rbac.Attributes) { u.UID = "2" }),
		"groups":        other(func(u *rbac.User, _ *rbac.Attributes) { u.Groups = []string{"a"} }),
		"groups run on": other(func(u *rbac.User, _ *rbac.Attributes) { u.Groups = []string{"ab"} }),
		"group as extra": other(func(u *rbac.User, _ *rbac.Attributes) {
			u.Groups, u.Extra = nil, map[string][]string{"a": {"b", "k", "v"}}
		}),
		"extra key":   other(func(u *rbac.User, _ *rbac.Attributes) { u.Extra = map[string][]string{"kv": {}} }),
		"extra value": other(func(u *rbac.User, _ *rbac.Attributes) { u.Extra = map[string][]string{"k": {"w"}} }),
		"verb":        other(func(_ *rbac.User, a *rbac.Attributes) { a.Verb = "watch" }),
		"group":       other(func(_ *rbac.User, a *rbac.Attributes) { a.Group = "apps" }),
		"version":     other(func(_ *rbac.User, a *rbac.Attributes) { a.Version = "v2" }),
		"resource":    other(func(_ *rbac.User, a *rbac.Attributes) { a.Resource = "secrets" }),
		"subresource": other(func(_ *rbac.User, a *rbac.Attributes) { a.Subresource = "log" }),
		"namespace":   other(func(_ *rbac.User, a *rbac.Attributes) { a.Namespace = "b" }),
		"object":      other(func(_ *rbac.User, a *rbac.Attributes) { a.Name = "x" }),
		"labels":      other(func(_ *rbac.User, a *rbac.Attributes) { a.LabelSelector = label }),
		"fields": other(func(_ *rbac.User, a *rbac.Attributes) {
			a.FieldSelector = fields.OneTermEqualSelector("a", "b").Requirements()
		}),
	} {
		t.Run(name, func(t *testing.T) {
			_, r, a := serve(t, rbac.ModeSAR)
			for range 2 {
				if _, err := a.Scope(t.Context(), base, q); err != nil {
					t.Fatal(err)
				}
			}
			if got := r.forget(); got != 1 {
				t.Fatalf("the same question twice was asked %d times", got)
			}
			u, changedQ := changed()
			if _, err := a.Scope(t.Context(), u, changedQ); err != nil {
				t.Fatal(err)
			}
			if r.forget() != 1 {
				t.Error("another question was answered by the first one's answer")
			}
		})
	}
}

func TestReviewsAreRememberedForTenSeconds(t *testing.T) {
	for _, name := range []string{"alice", "eve"} {
		synctest.Test(t, func(t *testing.T) {
			_, r, a := serve(t, rbac.ModeSAR, someRBAC()...)
			scope(t, a, user("warm"), "list pods")
			time.Sleep(3 * time.Second) // RBAC has settled
			r.forget()
			scope(t, a, user(name), "list pods")
			time.Sleep(10*time.Second - time.Millisecond)
			scope(t, a, user(name), "list pods")
			if got := r.forget(); got != 1 {
				t.Errorf("%s: asked %d times within the time, want 1", name, got)
			}
			time.Sleep(2 * time.Millisecond)
			scope(t, a, user(name), "list pods")
			if got := r.forget(); got != 1 {
				t.Errorf("%s: asked %d times after the time, want 1", name, got)
			}
		})
	}
}

func TestThreat10_AChangeOfRBACOutdatesReviews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, r, a := serve(t, rbac.ModeSAR, someRBAC()...)
		time.Sleep(3 * time.Second)
		before := scope(t, a, user("alice"), "list pods")
		if !before.All() {
			t.Fatal("alice is not allowed to begin with")
		}
		change(t, c, binding("b", "other", "ClusterRole/list", "user:carol"), nil)
		r.forget()
		if s := scope(t, a, user("alice"), "list pods"); !s.Equal(before) || s.Epoch() != before.Epoch()+1 || r.forget() != 0 {
			t.Error("a change for carol made alice be asked about again")
		}
		gone := clusterBinding("alice", "ClusterRole/list")
		change(t, c, nil, gone)
		// An API server that has not heard of it yet still says yes; that answer must not live for ten seconds.
		if !scope(t, a, user("alice"), "list pods").All() || r.forget() != 1 {
			t.Error("the change did not make alice be asked about again")
		}
		r.set(func(r *reviewer) { r.oracle.world.ClusterRoleBindings = nil })
		time.Sleep(time.Second + time.Millisecond)
		if !scope(t, a, user("alice"), "list pods").Empty() {
			t.Error("alice still sees everything a second after the change")
		}
		if a.Current(t.Context(), before) {
			t.Error("the scope of before is still current")
		}
	})
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
