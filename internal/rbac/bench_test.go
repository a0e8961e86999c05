package rbac_test

import (
	"fmt"
	"strconv"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/internal/rbac"
)

// large is a cluster of 1,000 namespaces and 5,000 RoleBindings, in all of which the user "everywhere" is bound, to
// ClusterRoles of forty rules such as "view" has.
func large() []metav1.Object {
	var objects []metav1.Object
	for i := range 5 {
		var rules []string
		for j := range 40 {
			rules = append(rules, fmt.Sprintf("get,list,watch kind%d,kind%d/status,other%d.group%d", j, j, j, j%8))
		}
		objects = append(objects, clusterRole(fmt.Sprint("role", i), append(rules, "get,list,watch pods")...))
	}
	for n := range 1000 {
		for i := range 5 {
			objects = append(objects, binding(fmt.Sprint("namespace-", n), fmt.Sprint("binding", i), fmt.Sprint("ClusterRole/role", i),
				"user:everywhere", fmt.Sprint("user:u", n), fmt.Sprint("group:g", n%50)))
		}
	}
	return objects
}

func BenchmarkScope(b *testing.B) {
	c, a := cluster(b, large()...)
	b.Run("first", func(b *testing.B) { // everything decoded, indexed and compiled for the first time
		for range b.N {
			scope(b, rbac.New(rbac.Options{Mode: rbac.ModeRBAC, Collections: c}), user("everywhere"), "list pods")
		}
	})
	b.Run("cold", func(b *testing.B) { // RBAC has changed: one object decoded, all indexed, one user compiled
		for i := range b.N {
			if err := c.Put(binding("namespace-0", "flapping", "ClusterRole/role0", fmt.Sprint("user:", i))); err != nil {
				b.Fatal(err)
			}
			scope(b, a, user("everywhere"), "list pods")
		}
	})
	b.Run("compile", func(b *testing.B) { // a user who has not asked yet
		for i := range b.N {
			scope(b, a, user("everywhere", strconv.Itoa(i)), "list pods")
		}
	})
	b.Run("compile-small", func(b *testing.B) { // one with a hundred bindings
		for i := range b.N {
			scope(b, a, user("u1", "g7", strconv.Itoa(i)), "list pods")
		}
	})
	b.Run("warm", func(b *testing.B) {
		for range b.N {
			scope(b, a, user("everywhere", "g1", "system:authenticated"), "list pods")
		}
	})
	b.Run("warm-get", func(b *testing.B) {
		for i := range b.N {
			scope(b, a, user("u1", "g7", "system:authenticated"), "get pods namespace-1/p"+strconv.Itoa(i))
		}
	})
	b.Run("current", func(b *testing.B) {
		s := scope(b, a, user("everywhere", "g1", "system:authenticated"), "list pods")
		for range b.N {
			if !a.Current(b.Context(), s) {
				b.Fatal("not current")
			}
		}
	})
}
