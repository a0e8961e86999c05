package rbac_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/internal/rbac"
)

func TestStatusSaysHowItStands(t *testing.T) {
	_, r, a := serve(t, rbac.ModeAuto, someRBAC()...)
	if diff := cmp.Diff(rbac.Status{Mode: rbac.ModeAuto}, a.Status()); diff != "" {
		t.Error(diff)
	}
	scope(t, a, user("alice"), "list pods")
	if diff := cmp.Diff(rbac.Status{Mode: rbac.ModeAuto, Epoch: 1, Bindings: 3, Roles: 2, Exact: true}, a.Status()); diff != "" {
		t.Error(diff)
	}
	r.set(func(r *reviewer) { r.incomplete = true })
	a.Reprobe()
	scope(t, a, user("alice"), "list pods")
	if a.Status().Exact {
		t.Error("RBAC is still said to be the last word")
	}
}

// TestThreat27_AnObjectThatCannotBeReadGivesNothing makes RBAC objects that no API server sends.
func TestThreat27_AnObjectThatCannotBeReadGivesNothing(t *testing.T) {
	c, a := cluster(t, clusterRole("list", "list pods"), clusterBinding("b", "ClusterRole/list", "user:alice"))
	if err := c.Put(&odd{ClusterRoleBinding: *clusterBinding("b", "ClusterRole/list"), Subjects: "everybody"}); err != nil {
		t.Fatal(err)
	}
	s := scope(t, a, user("alice"), "list pods")
	if !s.Empty() || a.Status().Unread != 1 {
		t.Errorf("Empty is %v, %+v", s.Empty(), a.Status())
	}
	if err := c.Put(clusterBinding("b", "ClusterRole/list", "user:alice")); err != nil {
		t.Fatal(err)
	}
	if s := scope(t, a, user("alice"), "list pods"); !s.All() || a.Status().Unread != 0 {
		t.Errorf("All is %v, %+v", s.All(), a.Status())
	}
}

// odd is a ClusterRoleBinding whose subjects are no list.
type odd struct {
	rbacv1.ClusterRoleBinding
	Subjects string `json:"subjects"`
}

var _ metav1.Object = (*odd)(nil)
