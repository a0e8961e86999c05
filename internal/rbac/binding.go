package rbac

import (
	"cmp"
	"fmt"

	rbacv1 "k8s.io/api/rbac/v1"
)

// Ref names a RoleBinding, or with an empty namespace a ClusterRoleBinding, and the role that it gives.
type Ref struct {
	Namespace, Name    string
	RoleKind, RoleName string
}

// String returns the reference as the audit log shows it.
func (r Ref) String() string {
	if r.Namespace == "" {
		return fmt.Sprintf("ClusterRoleBinding/%s (%s/%s)", r.Name, r.RoleKind, r.RoleName)
	}
	return fmt.Sprintf("RoleBinding/%s/%s (%s/%s)", r.Namespace, r.Name, r.RoleKind, r.RoleName)
}

// compare orders references by namespace, then name.
func (r Ref) compare(other Ref) int {
	return cmp.Or(cmp.Compare(r.Namespace, other.Namespace), cmp.Compare(r.Name, other.Name))
}

// binding is a RoleBinding or ClusterRoleBinding with its role found.
type binding struct {
	ref     Ref
	role    *role  // nil: it does not exist
	missing string // then: what the API server says about it
}

// index resolves the roles and files every binding under its subjects. It costs about a millisecond for 5,000
// bindings, and is done once per change of RBAC, whoever asks.
func (p *policy) index() {
	p.users, p.groups = map[string][]*binding{}, map[string][]*binding{}
	found := p.resolved()
	for i := range p.clusterRoleBindings.entries {
		e := &p.clusterRoleBindings.entries[i]
		if e.ok {
			p.file("", e.ref.Name(), &e.value, found)
		}
	}
	for i := range p.roleBindings.entries {
		e := &p.roleBindings.entries[i]
		if e.ok {
			p.file(e.ref.Namespace(), e.ref.Name(), &e.value, found)
		}
	}
}

// roleKey is the name of a role: the namespace is empty for a ClusterRole.
type roleKey struct{ kind, namespace, name string }

// resolved returns every role under its name.
func (p *policy) resolved() map[roleKey]*role {
	roles := make(map[roleKey]*role, len(p.roles.entries)+len(p.clusterRoles.entries))
	for _, e := range p.roles.entries {
		if e.ok {
			roles[roleKey{"Role", e.ref.Namespace(), e.ref.Name()}] = &role{rules: e.value}
		}
	}
	for _, e := range p.clusterRoles.entries {
		if e.ok {
			roles[roleKey{"ClusterRole", "", e.ref.Name()}] = &role{rules: e.value}
		}
	}
	return roles
}

// file puts one binding under each of its subjects, once.
func (p *policy) file(namespace, name string, l *link, roles map[roleKey]*role) {
	b := &binding{ref: Ref{Namespace: namespace, Name: name, RoleKind: l.RoleRef.Kind, RoleName: l.RoleRef.Name}}
	b.role, b.missing = resolve(l.RoleRef, namespace, roles)
	for i := range l.Subjects {
		index, key := place(&l.Subjects[i], namespace)
		switch index {
		case rbacv1.UserKind:
			p.users[key] = appendOnce(p.users[key], b)
		case rbacv1.GroupKind:
			p.groups[key] = appendOnce(p.groups[key], b)
		}
	}
}

// place returns which index a subject stands in, and under what key. A service account is the user that its token
// speaks for; its namespace defaults to that of the RoleBinding, and without one it matches nobody. The subject's
// apiGroup is not looked at (pkg/registry/rbac/validation, appliesToUser).
func place(s *rbacv1.Subject, namespace string) (index, key string) {
	switch s.Kind {
	case rbacv1.UserKind, rbacv1.GroupKind:
		return s.Kind, s.Name
	case rbacv1.ServiceAccountKind:
		if s.Namespace != "" {
			namespace = s.Namespace
		}
		if namespace != "" {
			return rbacv1.UserKind, "system:serviceaccount:" + namespace + ":" + s.Name
		}
	}
	return "", ""
}

// resolve finds the role of a binding: a Role in the binding's own namespace, or a ClusterRole. What is missing is
// worded as the API server words it, because it stands in the 403 that the user gets.
func resolve(ref rbacv1.RoleRef, namespace string, roles map[roleKey]*role) (*role, string) {
	key := roleKey{kind: ref.Kind, name: ref.Name}
	resource := "clusterrole"
	switch ref.Kind {
	case "Role":
		key.namespace, resource = namespace, "role"
	case "ClusterRole":
	default:
		return nil, fmt.Sprintf("unsupported role reference kind: %q", ref.Kind)
	}
	if r := roles[key]; r != nil {
		return r, ""
	}
	return nil, fmt.Sprintf("%s.rbac.authorization.k8s.io %q not found", resource, ref.Name)
}

// appendOnce appends a binding that was not the last one appended: subjects named twice count once.
func appendOnce(list []*binding, b *binding) []*binding {
	if len(list) > 0 && list[len(list)-1] == b {
		return list
	}
	return append(list, b)
}
