package rbac

import (
	"cmp"
	"encoding/json"
	"fmt"
	"unique"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/k8cache/k8cache/internal/serialize"
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

// binding is a RoleBinding or ClusterRoleBinding as it stood in one snapshot: whom it means, and what it gives them.
type binding struct {
	ref      Ref
	role     unique.Handle[roleKey] // as quick to look up as a pointer
	subjects []subject
}

// subject is whom a binding means, as the index knows them.
type subject struct {
	group bool
	name  string
}

// decodeBinding reads a RoleBinding or ClusterRoleBinding.
func decodeBinding(o serialize.Object) (*binding, error) {
	var object struct {
		Subjects []rbacv1.Subject `json:"subjects"`
		RoleRef  rbacv1.RoleRef   `json:"roleRef"`
	}
	if err := json.Unmarshal(o.Bytes(), &object); err != nil {
		return nil, fmt.Errorf("decode %s: %w", o.Key(), err)
	}
	key := roleKey{kind: object.RoleRef.Kind, name: object.RoleRef.Name}
	if key.kind == "Role" {
		key.namespace = o.Namespace()
	}
	b := &binding{
		ref:  Ref{Namespace: o.Namespace(), Name: o.Name(), RoleKind: key.kind, RoleName: key.name},
		role: unique.Make(key),
	}
	for i := range object.Subjects {
		if s, ok := subjectOf(&object.Subjects[i], b.ref.Namespace); ok {
			b.subjects = append(b.subjects, s)
		}
	}
	return b, nil
}

// subjectOf returns whom a subject means in a binding of the namespace. A service account is the user that its token
// speaks for; its namespace defaults to that of the RoleBinding, and without one it means nobody. The subject's apiGroup
// is not looked at (pkg/registry/rbac/validation, appliesToUser).
func subjectOf(s *rbacv1.Subject, namespace string) (subject, bool) {
	switch s.Kind {
	case rbacv1.UserKind:
		return subject{name: s.Name}, true
	case rbacv1.GroupKind:
		return subject{group: true, name: s.Name}, true
	case rbacv1.ServiceAccountKind:
		if s.Namespace != "" {
			namespace = s.Namespace
		}
		return subject{name: "system:serviceaccount:" + namespace + ":" + s.Name}, namespace != ""
	}
	return subject{}, false
}
