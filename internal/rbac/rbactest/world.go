package rbactest

import (
	"fmt"
	"math/rand/v2"
	"strconv"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// World is the RBAC of one made-up cluster.
type World struct {
	Roles               []*rbacv1.Role
	ClusterRoles        []*rbacv1.ClusterRole
	RoleBindings        []*rbacv1.RoleBinding
	ClusterRoleBindings []*rbacv1.ClusterRoleBinding
}

// Maker makes worlds, users and questions out of one seed.
type Maker struct {
	*Alphabet
	rand *rand.Rand
}

// NewMaker returns a Maker that makes the same things for the same seed.
func NewMaker(seed uint64, a *Alphabet) *Maker {
	return &Maker{Alphabet: a, rand: rand.New(rand.NewPCG(seed, 0))} //nolint:gosec // reproducible, not secret
}

// World returns the next world.
func (m *Maker) World() World {
	var w World
	for i := range 2 + m.rand.IntN(3) {
		w.ClusterRoles = append(w.ClusterRoles, &rbacv1.ClusterRole{ObjectMeta: m.meta("", "role", i), Rules: m.rules()})
	}
	for _, namespace := range m.Namespaces {
		for i := range m.rand.IntN(3) {
			w.Roles = append(w.Roles, &rbacv1.Role{ObjectMeta: m.meta(namespace, "role", i), Rules: m.rules()})
		}
		for i := range m.rand.IntN(3) {
			w.RoleBindings = append(w.RoleBindings, &rbacv1.RoleBinding{
				ObjectMeta: m.meta(namespace, "binding", i), Subjects: m.subjects(), RoleRef: m.roleRef(m.RoleKinds),
			})
		}
	}
	for i := range m.rand.IntN(3) {
		w.ClusterRoleBindings = append(w.ClusterRoleBindings, &rbacv1.ClusterRoleBinding{
			ObjectMeta: m.meta("", "binding", i), Subjects: m.subjects(), RoleRef: m.roleRef(m.ClusterRoleKinds),
		})
	}
	return w
}

// meta names one object.
func (m *Maker) meta(namespace, prefix string, i int) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: namespace, Name: fmt.Sprintf("%s%d", prefix, i), ResourceVersion: strconv.Itoa(1 + m.rand.IntN(1000))}
}

// rules returns one to four rules.
func (m *Maker) rules() []rbacv1.PolicyRule {
	var rules []rbacv1.PolicyRule
	for range 1 + m.rand.IntN(4) {
		rules = append(rules, rbacv1.PolicyRule{
			Verbs:         m.some(m.Verbs, 2),
			APIGroups:     m.some(m.APIGroups, 2),
			Resources:     m.some(m.Resources, 2),
			ResourceNames: m.some(m.ResourceNames, -3),
		})
	}
	return rules
}

// subjects returns one to four subjects.
func (m *Maker) subjects() []rbacv1.Subject {
	var subjects []rbacv1.Subject
	for range 1 + m.rand.IntN(4) {
		s := rbacv1.Subject{Kind: one(m, m.SubjectKinds)}
		switch s.Kind {
		case rbacv1.GroupKind:
			s.Name = one(m, m.Groups)
		case rbacv1.ServiceAccountKind:
			s.Name, s.Namespace = one(m, m.Accounts), one(m, m.SubjectNamespaces)
		default:
			s.Name = one(m, m.Users)
		}
		subjects = append(subjects, s)
	}
	return subjects
}

// roleRef names a role that, sometimes, does not exist.
func (m *Maker) roleRef(kinds []string) rbacv1.RoleRef {
	return rbacv1.RoleRef{Kind: one(m, kinds), Name: fmt.Sprintf("role%d", min(m.rand.IntN(5), m.rand.IntN(5)))}
}

// some returns at most least+2 of the values, at least least; below zero means often none.
func (m *Maker) some(values []string, least int) []string {
	n := max(0, least+m.rand.IntN(3-min(0, least)))
	var out []string
	for range n {
		out = append(out, one(m, values))
	}
	return out
}

// one returns one of the values.
func one[T any](m *Maker, values []T) T { return values[m.rand.IntN(len(values))] }
