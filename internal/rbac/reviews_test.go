package rbac_test

import (
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/k8cache/k8cache/internal/rbac"
)

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
