package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// ownGroup is an API group of a test's own, which k8cache may read even where it runs with the rights of deploy/.
func ownGroup(t *testing.T, cluster *env.Cluster) string {
	t.Helper()
	group := unique("g") + ".example.test"
	object(t, cluster, `{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: `+cluster.Namespace(group)+
		`, labels: {k8cache.dev/aggregate-to-read: "true"}}, rules: [{apiGroups: [`+group+`], resources: ["*"], verbs: [list, watch]}]}`)
	return group
}

// definition defines a kind in a group of a test's own.
func definition(group, plural, scope string) string {
	return fmt.Sprintf(`{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: %[2]s.%[1]s}, spec: {
		group: %[1]s, scope: %[3]s, names: {kind: Thing, listKind: ThingList, plural: %[2]s, singular: thing},
		versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]}}`,
		group, plural, scope)
}

// TestThreat39_KindDefinedRemovedAndDefinedAnew defines a kind while k8cache runs, removes it, and defines it anew with
// another scope.
func TestThreat39_KindDefinedRemovedAndDefinedAnew(t *testing.T) {
	p := eastPair()
	group := ownGroup(t, p.cluster)
	path := "/apis/" + group + "/v1/things"
	p.same(t, get(p.cluster.Admin, path)) // 404
	first := object(t, p.cluster, definition(group, "things", "Namespaced"))
	appears(t, p, path)
	namespace := namespace(t, p.cluster)
	object(t, p.cluster, fmt.Sprintf("{apiVersion: %s/v1, kind: Thing, metadata: {name: one, namespace: %s}, spec: {b: 1, a: 2}}", group, namespace))
	p.settles(t, path, "one")
	p.settles(t, "/apis/"+group+"/v1/namespaces/"+namespace+"/things", "one")
	p.same(t, get(p.cluster.Admin, "/apis/"+group+"/v1/namespaces/"+namespace+"/things/one"))

	remove(t, p.cluster, first)
	eventually(t, "the kind's end", func() error {
		if answer := cached(t, p.server, get(p.cluster.Admin, path)); answer.Code != http.StatusNotFound {
			return fmt.Errorf("code %d: %s", answer.Code, answer.Body)
		}
		return nil
	})
	check(t, "another kind meanwhile", validate.FromMemory(p.sameList(t, p.cluster.Admin, "/apis/e2e.k8cache.dev/v1/widgets").Header))

	object(t, p.cluster, definition(group, "things", "Cluster"))
	appears(t, p, path)
	object(t, p.cluster, fmt.Sprintf("{apiVersion: %s/v1, kind: Thing, metadata: {name: two}}", group))
	p.settles(t, path, "two")
	p.same(t, get(p.cluster.Admin, "/apis/"+group+"/v1/things/two"))
	p.same(t, get(p.cluster.Admin, "/apis/"+group+"/v1/namespaces/"+namespace+"/things/one"))
}

// appears waits for a kind to be listed out of memory.
func appears(t *testing.T, p pair, path string) {
	t.Helper()
	eventually(t, path, func() error {
		answer := cached(t, p.server, get(p.cluster.Admin, path))
		if _, err := listOf(answer); err != nil {
			return err
		}
		return validate.FromMemory(answer.Header)
	})
}

// TestKindDefinedLaterIsCutToRightsToo grants a part of a kind that k8cache learns of while it runs.
func TestKindDefinedLaterIsCutToRightsToo(t *testing.T) {
	p := eastPair()
	group := ownGroup(t, p.cluster)
	object(t, p.cluster, definition(group, "things", "Namespaced"))
	who, mine, other := user(t, p.cluster), namespace(t, p.cluster), namespace(t, p.cluster)
	grant(t, p.cluster, who, mine, rule("list", "things."+group))
	path := "/apis/" + group + "/v1/things"
	appears(t, p, path)
	for _, namespace := range []string{mine, other} {
		object(t, p.cluster, fmt.Sprintf("{apiVersion: %s/v1, kind: Thing, metadata: {name: of-%s, namespace: %s}}", group, namespace, namespace))
	}
	eventually(t, "the caller's part", func() error {
		body := string(cached(t, p.server, get(who, path)).Body)
		if strings.Contains(body, other) {
			t.Errorf("got something of %s: %s", other, body)
		}
		if !strings.Contains(body, "of-"+mine) {
			return fmt.Errorf("got %s", body)
		}
		return nil
	})
}
