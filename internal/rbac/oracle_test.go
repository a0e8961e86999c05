package rbac_test

import (
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/rbac/rbactest"
)

// oracle judges one request for one namespace and name, the slow way: a transcription of the rules that shares no code
// and no structure with the evaluator. hack/rbacfuzz puts Kubernetes' own authorizer in its place.
type oracle struct{ world rbactest.World }

func (o oracle) allows(u rbac.User, a rbac.Attributes, namespace, name string) bool {
	for _, b := range o.world.ClusterRoleBindings {
		if applies(u, b.Subjects, "") && allow(o.rules(b.RoleRef, ""), a, name) {
			return true
		}
	}
	for _, b := range o.world.RoleBindings {
		if namespace != "" && b.Namespace == namespace && applies(u, b.Subjects, namespace) && allow(o.rules(b.RoleRef, namespace), a, name) {
			return true
		}
	}
	return false
}

func (o oracle) rules(ref rbacv1.RoleRef, namespace string) []rbacv1.PolicyRule {
	if ref.Kind == "ClusterRole" {
		for _, r := range o.world.ClusterRoles {
			if r.Name == ref.Name {
				return r.Rules
			}
		}
	}
	if ref.Kind == "Role" && namespace != "" {
		for _, r := range o.world.Roles {
			if r.Name == ref.Name && r.Namespace == namespace {
				return r.Rules
			}
		}
	}
	return nil
}

func applies(u rbac.User, subjects []rbacv1.Subject, namespace string) bool {
	return slices.ContainsFunc(subjects, func(s rbacv1.Subject) bool {
		switch s.Kind {
		case "User":
			return s.Name == u.Name
		case "Group":
			return slices.Contains(u.Groups, s.Name)
		case "ServiceAccount":
			if s.Namespace != "" {
				namespace := s.Namespace
				return u.Name == "system:serviceaccount:"+namespace+":"+s.Name
			}
			return namespace != "" && u.Name == "system:serviceaccount:"+namespace+":"+s.Name
		}
		return false
	})
}

func allow(rules []rbacv1.PolicyRule, a rbac.Attributes, name string) bool {
	combined := a.Resource
	if a.Subresource != "" {
		combined += "/" + a.Subresource
	}
	for _, r := range rules {
		verb := slices.Contains(r.Verbs, "*") || slices.Contains(r.Verbs, a.Verb)
		group := slices.Contains(r.APIGroups, "*") || slices.Contains(r.APIGroups, a.Group)
		resource := slices.ContainsFunc(r.Resources, func(res string) bool {
			suffix, any := strings.CutPrefix(res, "*/")
			return res == "*" || res == combined || a.Subresource != "" && any && suffix == a.Subresource
		})
		if verb && group && resource && (len(r.ResourceNames) == 0 || slices.Contains(r.ResourceNames, name)) {
			return true
		}
	}
	return false
}
