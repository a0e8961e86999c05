package rbac_test

import (
	"math/rand/v2"
	"testing"

	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/rbac/rbactest"
)

// TestScopeEqualsAskingOneByOne makes up worlds and compares every scope with what the rules say when asked namespace
// by namespace and name by name, which is the whole promise of the package.
func TestScopeEqualsAskingOneByOne(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	worlds := 1000 // hack/rbacfuzz has the million
	maker := rbactest.NewMaker(seed, rbactest.Odd())
	kinds := map[string]int{}
	for range worlds {
		world := maker.World()
		cluster, err := rbactest.NewCluster(world)
		if err != nil {
			t.Fatal(err)
		}
		a := rbac.New(rbac.Options{Mode: rbac.ModeRBAC, Collections: cluster})
		for range 30 {
			user, question := maker.User(), maker.Question()
			question.Namespaced = question.Resource != "namespaces" && question.Resource != "nodes"
			kinds[compare(t, a, oracle{world}, user, question)]++
		}
	}
	t.Log(kinds)
	if kinds["all"] < worlds/10 || kinds["part"] < worlds/10 || kinds["nothing"] < worlds/10 {
		t.Error("the worlds are too much alike to say anything")
	}
}

// compare checks one scope against the oracle, for every object that there could be, and says what it showed.
func compare(t *testing.T, a *rbac.Authorizer, o oracle, u rbac.User, q rbac.Attributes) string {
	t.Helper()
	scope, err := a.Scope(t.Context(), u, q)
	if err != nil {
		t.Fatal(err)
	}
	asAsked := o.allows(u, q, q.Namespace, q.Name)
	misplaced := !q.Namespaced && q.Namespace != "" && (q.Resource != "namespaces" || q.Group != "" || q.Namespace != q.Name)
	if want := asAsked && !misplaced; scope.All() != want {
		t.Fatalf("All of %+v for %+v: got %v, want %v in %+v", q, u, scope.All(), want, o.world)
	}
	any := scope.All()
	for _, namespace := range []string{"", "a", "a-b", "b", "c", "d"} {
		for _, name := range []string{"x", "y", "z", "a", "x-y", "*"} {
			want := asAsked
			if q.Verb == "list" || q.Verb == "watch" {
				one := namespace
				if !q.Namespaced {
					one = q.Namespace
				}
				want = want || o.allows(u, q, one, q.Name) || q.Name == "" && o.allows(u, q, one, name)
			}
			inside := (q.Name == "" || q.Name == name) && (q.Namespaced && (q.Namespace == "" || q.Namespace == namespace) || !q.Namespaced && namespace == "")
			want = want && inside && !misplaced
			if got := scope.Allows(namespace, name); got != want {
				t.Fatalf("Allows(%q, %q) of %+v for %+v: got %v, want %v in %+v", namespace, name, q, u, got, want, o.world)
			}
			any = any || want
		}
	}
	if any && scope.Empty() {
		t.Fatalf("Empty for %+v and %+v, which shows something in %+v", q, u, o.world)
	}
	switch {
	case scope.All():
		return "all"
	case any:
		return "part"
	default:
		return "nothing"
	}
}
