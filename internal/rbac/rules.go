package rbac

import (
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
)

// question is what a rule is asked, without the name: may this verb be used on this resource? The version is not
// among it, because RBAC does not look at it.
type question struct {
	verb, group, resource, subresource string
}

// role is a Role or a ClusterRole as it stood in one snapshot.
type role struct {
	rules []rbacv1.PolicyRule
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

// matches reports whether the rule is about the question, leaving resourceNames aside. It is RuleAllows of
// Kubernetes (plugin/pkg/auth/authorizer/rbac) for resource requests; hack/rbacfuzz compares the two.
func (q question) matches(rule *rbacv1.PolicyRule) bool {
	return holds(rule.Verbs, q.verb, rbacv1.VerbAll) &&
		holds(rule.APIGroups, q.group, rbacv1.APIGroupAll) &&
		q.matchesResource(rule.Resources)
}

// matchesResource reports whether one of the resources is the one asked for. A subresource is reached by its whole
// name, by "*" or by "*/subresource"; "pods/*" is not a wildcard (pkg/apis/rbac/v1, ResourceMatches).
func (q question) matchesResource(resources []string) bool {
	if q.subresource == "" {
		return holds(resources, q.resource, rbacv1.ResourceAll)
	}
	return holds(resources, q.resource+"/"+q.subresource, rbacv1.ResourceAll) ||
		slices.Contains(resources, "*/"+q.subresource)
}

// holds reports whether the value or the wildcard is in the list.
func holds(list []string, value, wildcard string) bool {
	for _, item := range list {
		if item == value || item == wildcard {
			return true
		}
	}
	return false
}
