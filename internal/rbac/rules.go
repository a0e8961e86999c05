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

// matches reports whether the rule is about the question, leaving resourceNames aside. It is RuleAllows of
// Kubernetes (plugin/pkg/auth/authorizer/rbac) for resource requests; hack/rbacfuzz compares the two.
func (q question) matches(rule *rbacv1.PolicyRule) bool {
	return holds(rule.Verbs, q.verb) &&
		holds(rule.APIGroups, q.group) &&
		q.matchesResource(rule.Resources)
}

// matchesResource reports whether one of the resources is the one asked for. A subresource is reached by its whole
// name, by "*" or by "*/subresource"; "pods/*" is not a wildcard (pkg/apis/rbac/v1, ResourceMatches).
func (q question) matchesResource(resources []string) bool {
	if q.subresource == "" {
		return holds(resources, q.resource)
	}
	return holds(resources, q.resource+"/"+q.subresource) ||
		slices.Contains(resources, "*/"+q.subresource)
}

// holds reports whether the value is in the list, or "*", which is the wildcard of verbs, groups and resources alike.
func holds(list []string, value string) bool {
	for _, item := range list {
		if item == value || item == rbacv1.ResourceAll {
			return true
		}
	}
	return false
}
