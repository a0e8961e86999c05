package rbactest

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Change makes up one change of the world, applies it, and returns the object that is put or the one that is removed.
func (m *Maker) Change(w *World) (put, remove metav1.Object) {
	other := m.World()
	switch m.rand.IntN(4) {
	case 0:
		return replaceOne(m, &w.Roles, other.Roles)
	case 1:
		return replaceOne(m, &w.ClusterRoles, other.ClusterRoles)
	case 2:
		return replaceOne(m, &w.RoleBindings, other.RoleBindings)
	default:
		return replaceOne(m, &w.ClusterRoleBindings, other.ClusterRoleBindings)
	}
}

// object is an RBAC object of any kind.
type object interface {
	metav1.Object
	*rbacv1.Role | *rbacv1.ClusterRole | *rbacv1.RoleBinding | *rbacv1.ClusterRoleBinding
}

// replaceOne removes an object of the list, or puts one of the candidates into it.
func replaceOne[T object](m *Maker, list *[]T, candidates []T) (put, remove metav1.Object) {
	if len(*list) > 0 && (len(candidates) == 0 || m.rand.IntN(2) == 0) {
		i := m.rand.IntN(len(*list))
		gone := (*list)[i]
		*list = slices.Delete(slices.Clone(*list), i, i+1)
		return nil, gone
	}
	if len(candidates) == 0 {
		return nil, nil
	}
	o := one(m, candidates)
	*list = append(slices.DeleteFunc(slices.Clone(*list), func(old T) bool {
		return old.GetName() == o.GetName() && old.GetNamespace() == o.GetNamespace()
	}), o)
	return o, nil
}
