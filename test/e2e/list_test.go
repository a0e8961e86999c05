package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// TestListIsTheAPIServersByteForByte lists every resource that the cluster has, in every served version, as admin.
func TestListIsTheAPIServersByteForByte(t *testing.T) {
	p := eastPair()
	full, empty := 0, 0
	for _, path := range collections(t, p.cluster) {
		t.Run(strings.TrimPrefix(path, "/"), func(t *testing.T) {
			answer := p.sameList(t, p.cluster.Admin, path)
			if strings.HasSuffix(path, "/v1/secrets") {
				check(t, "secrets", validate.FromServer(answer.Header)) // never cached
				return
			}
			check(t, path, validate.FromMemory(answer.Header))
			items := list(t, answer)
			check(t, path, validate.Ordered(items))
			if len(items.Items) > 0 {
				full++
			} else {
				empty++
			}
		})
	}
	// The samples must not come to nothing, or this would compare empty lists.
	if full < 25 || empty < 5 {
		t.Errorf("compared %d lists with objects and %d without", full, empty)
	}
}

// collections are the paths of all that can be listed and watched, of custom resources too.
func collections(t *testing.T, cluster *env.Cluster) []string {
	t.Helper()
	_, groups, err := cluster.Client.Discovery().ServerGroupsAndResources()
	must(t, err)
	var paths []string
	for _, group := range groups {
		for _, resource := range group.APIResources {
			if slices.Contains(resource.Verbs, "list") && slices.Contains(resource.Verbs, "watch") {
				paths = append(paths, root(t, group.GroupVersion)+"/"+resource.Name)
			}
		}
	}
	return paths
}

func root(t *testing.T, groupVersion string) string {
	t.Helper()
	version, err := schema.ParseGroupVersion(groupVersion)
	must(t, err)
	if version.Group == "" {
		return "/api/" + version.Version
	}
	return "/apis/" + version.Group + "/" + version.Version
}

func TestListOfOneNamespace(t *testing.T) {
	p := eastPair()
	for _, namespace := range []string{p.cluster.Namespace("a"), p.cluster.Namespace("a-b"), "absent"} {
		for _, resource := range []string{
			"/api/v1/namespaces/NS/pods", "/api/v1/namespaces/NS/configmaps", "/apis/apps/v1/namespaces/NS/deployments",
			"/apis/apps/v1/namespaces/NS/daemonsets", "/apis/e2e.k8cache.dev/v1/namespaces/NS/widgets",
		} {
			path := strings.ReplaceAll(resource, "NS", namespace)
			answer := p.sameList(t, p.cluster.Admin, path)
			check(t, path, validate.FromMemory(answer.Header))
		}
	}
}

// TestListOrderIsThatOfKeys looks for the pair that sorting by namespace and name gets wrong.
func TestListOrderIsThatOfKeys(t *testing.T) {
	cluster, server := east()
	for _, path := range []string{"/api/v1/configmaps", "/apis/e2e.k8cache.dev/v1/widgets"} {
		items := list(t, cached(t, server, get(cluster.Admin, path))).Items
		first := func(namespace string) int {
			return slices.IndexFunc(items, func(item validate.Item) bool { return item.Namespace == cluster.Namespace(namespace) })
		}
		if dashed, plain := first("a-b"), first("a"); dashed < 0 || dashed > plain {
			t.Errorf("%s: a-b at %d, a at %d: want a-b before a", path, dashed, plain)
		}
	}
}

// TestListAtTheRootIsTheDefaultClusters asks without /clusters/{cluster}.
func TestListAtTheRootIsTheDefaultClusters(t *testing.T) {
	cluster := shared.East
	p := pair{cluster, shared.Front.Server}
	check(t, "pods", validate.FromMemory(p.sameList(t, cluster.Admin, "/api/v1/pods").Header))
	check(t, "widgets", validate.FromMemory(p.sameList(t, cluster.Admin, "/apis/e2e.k8cache.dev/v1/widgets").Header))
	p.same(t, get(cluster.Admin, "/version"))
}

// TestListVersionsNeverRunBack reads a collection that changes, and takes each version it saw as the least for the next.
func TestListVersionsNeverRunBack(t *testing.T) {
	cluster, server := east()
	namespace := namespace(t, cluster)
	path := "/api/v1/namespaces/" + namespace + "/configmaps"
	var versions []string
	for range 10 {
		made := configMap(t, cluster, namespace, unique("cm"), "1")
		fresh := path + "?resourceVersionMatch=NotOlderThan&resourceVersion=" + made.GetResourceVersion()
		answer := cached(t, server, get(cluster.Admin, fresh))
		if !strings.Contains(string(answer.Body), made.GetName()) {
			t.Errorf("not older than the creation of %s, but without it: %d %.200s", made.GetName(), answer.Code, answer.Body)
		}
		versions = append(versions, made.GetResourceVersion(), versionOf(t, answer.Body))
		plain := cached(t, server, get(cluster.Admin, path))
		versions = append(versions, versionOf(t, plain.Body))
	}
	check(t, path, validate.Forward(versions))
}

// TestListOfAKindThatIsNot compares the ways to say that there is no such thing.
func TestListOfAKindThatIsNot(t *testing.T) {
	p := eastPair()
	for _, path := range []string{
		"/api/v1/nonsense", "/apis/apps/v1/nonsense", "/apis/apps/v9/deployments", "/apis/nonsense.example/v1/things",
		"/apis/e2e.k8cache.dev/v1/nonsense", "/apis/e2e.k8cache.dev/v9/widgets", "/api/v2/pods", "/nonsense",
		"/api/v1/namespaces/" + p.cluster.Namespace("a") + "/nodes", // exists, but in no namespace
		"/apis/e2e.k8cache.dev/v1/namespaces/" + p.cluster.Namespace("a") + "/gadgets",
	} {
		if answer := p.same(t, get(p.cluster.Admin, path)); answer.Code != http.StatusNotFound {
			t.Errorf("%s: code %d, want 404", path, answer.Code)
		}
	}
}
