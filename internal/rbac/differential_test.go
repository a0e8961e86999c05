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
	worlds := 300 // hack/rbacfuzz has the million
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
	asAsked := o.allows(u, q, q.Namespace, q.Name) && !misplaced(q)
	if scope.All() != asAsked {
		t.Fatalf("All of %+v for %+v: got %v, want %v in %+v", q, u, scope.All(), asAsked, o.world)
	}
	shown := "nothing"
	for _, namespace := range []string{"", "a", "a-b", "b", "c", "d"} {
		for _, name := range []string{"x", "y", "z", "a", "x-y", "*"} {
			want := targeted(q, namespace, name) && (asAsked || o.shows(u, q, namespace, name))
			if got := scope.Allows(namespace, name); got != want {
				t.Fatalf("Allows(%q, %q) of %+v for %+v: got %v, want %v in %+v", namespace, name, q, u, got, want, o.world)
			}
			if want {
				shown = "part"
			}
		}
	}
	if shown != "nothing" && scope.Empty() {
		t.Fatalf("Empty for %+v and %+v, which shows something in %+v", q, u, o.world)
	}
	if asAsked {
		return "all"
	}
	return shown
}

// shows reports whether somebody who asks for the object's namespace, or for the object alone, is allowed.
func (o oracle) shows(u rbac.User, q rbac.Attributes, namespace, name string) bool {
	if q.Verb != "list" && q.Verb != "watch" || misplaced(q) {
		return false
	}
	if !q.Namespaced {
		namespace = q.Namespace
	}
	return o.allows(u, q, namespace, q.Name) || q.Name == "" && o.allows(u, q, namespace, name)
}

// misplaced reports whether no API server has the path.
func misplaced(q rbac.Attributes) bool {
	return !q.Namespaced && q.Namespace != "" && (q.Resource != "namespaces" || q.Group != "" || q.Namespace != q.Name)
}

// targeted reports whether the request is about the object.
func targeted(q rbac.Attributes, namespace, name string) bool {
	if q.Name != "" && q.Name != name {
		return false
	}
	if !q.Namespaced {
		return namespace == ""
	}
	return q.Namespace == "" || q.Namespace == namespace
}
