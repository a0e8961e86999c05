package rbac

import (
	"encoding/json"
	"fmt"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/k8cache/k8cache/internal/serialize"
)

// roleKey is the name of a role: the namespace is empty for a ClusterRole.
type roleKey struct{ kind, namespace, name string }

// missing is what the API server says about a binding whose role does not exist, word for word, because it stands in the
// 403 that the user gets.
func (k roleKey) missing() string {
	switch k.kind {
	case "Role":
		return fmt.Sprintf("role.rbac.authorization.k8s.io %q not found", k.name)
	case "ClusterRole":
		return fmt.Sprintf("clusterrole.rbac.authorization.k8s.io %q not found", k.name)
	default:
		return fmt.Sprintf("unsupported role reference kind: %q", k.kind)
	}
}

// role is a Role or a ClusterRole as it stood in one snapshot.
type role struct {
	key   roleKey
	rules []rbacv1.PolicyRule
}

// decodeRole reads a Role, or one without a namespace as a ClusterRole. Of an aggregated ClusterRole, too, only the rules
// count: the controller manager fills them, and the API server's own evaluation looks at nothing else.
func decodeRole(o serialize.Object) (*role, error) {
	var object struct {
		Rules []rbacv1.PolicyRule `json:"rules"`
	}
	if err := json.Unmarshal(o.Bytes(), &object); err != nil {
		return nil, fmt.Errorf("decode %s: %w", o.Key(), err)
	}
	key := roleKey{kind: "ClusterRole", name: o.Name()}
	if o.Namespace() != "" {
		key.kind, key.namespace = "Role", o.Namespace()
	}
	return &role{key: key, rules: object.Rules}, nil
}

// names returns which objects the role's rules open to the question: all of them, or those named.
// A role that is not asked about answers (false, nil).
func (r *role) names(q question) (whole bool, names []string) {
	for i := range r.rules {
		if !q.matches(&r.rules[i]) {
			continue
		}
		if len(r.rules[i].ResourceNames) == 0 {
			return true, nil
		}
		names = append(names, r.rules[i].ResourceNames...)
	}
	return false, names
}
