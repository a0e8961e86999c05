package e2e

import (
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
)

// What tests let callers do, as in a role.
var (
	listPods       = rule("list", "pods")
	readPods       = rule("get,list,watch", "pods")
	listConfigMaps = rule("list", "configmaps")
	readConfigMaps = rule("get,list,watch", "configmaps")
)

// rule allows verbs on a resource (deployments.apps is one of a group), or on the named objects only.
func rule(verbs, resource string, names ...string) rbacv1.PolicyRule {
	resource, group, _ := strings.Cut(resource, ".")
	return rbacv1.PolicyRule{
		Verbs: strings.Split(verbs, ","), APIGroups: []string{group}, Resources: []string{resource}, ResourceNames: names,
	}
}

// teamA is the group of the static users.
var teamA = env.GroupSubject(env.StaticGroup)

// grant gives a user rules in a namespace, in force at the API server when it returns.
func grant(t *testing.T, cluster *env.Cluster, who *testenv.Identity, namespace string, rules ...rbacv1.PolicyRule) {
	t.Helper()
	must(t, cluster.Grant(t.Context(), env.UserSubject(who.Name), namespace, rules...))
}

// grantEverywhere gives a user rules in all namespaces.
func grantEverywhere(t *testing.T, cluster *env.Cluster, who *testenv.Identity, rules ...rbacv1.PolicyRule) {
	t.Helper()
	must(t, cluster.GrantEverywhere(t.Context(), env.UserSubject(who.Name), rules...))
}
