package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// TestEachAnswerSaysWhereItCameFrom asks for what is in memory, what is not, and what is refused.
func TestEachAnswerSaysWhereItCameFrom(t *testing.T) {
	cluster, server := east()
	admin, ns := cluster.Admin, "/api/v1/namespaces/"+cluster.Namespace("a-b")
	memory := map[string]env.Request{
		"list":        get(admin, "/api/v1/pods"),
		"get":         get(admin, ns+"/pods/web-000"),
		"CR":          get(admin, "/apis/e2e.k8cache.dev/v1/widgets"),
		"missing":     get(admin, ns+"/pods/absent"),
		"empty":       get(admin, "/apis/apps/v1/daemonsets"),
		"of any age":  get(admin, "/api/v1/pods", "Cache-Control: max-age=60"),
		"other words": get(admin, "/api/v1/pods", "Cache-Control: no-transform, no-cachet"),
	}
	upstream := map[string]env.Request{
		"no-cache":           get(admin, "/api/v1/pods", "Cache-Control: no-cache"),
		"no-cache of one":    get(admin, ns+"/pods/web-000", "Cache-Control: no-cache"),
		"no-cache, in a row": get(admin, "/api/v1/pods", "Cache-Control: max-age=0, No-Cache"),
		"secrets":            get(admin, "/api/v1/secrets"),
		"one secret":         get(admin, ns+"/secrets/credentials"),
		"discovery":          get(admin, "/apis"),
		"version":            get(admin, "/version"),
		"openapi":            get(admin, "/openapi/v3"),
		"health":             get(admin, "/healthz"),
		"subresource":        get(admin, ns+"/pods/web-000/status"),
		"protobuf":           get(admin, "/api/v1/pods", "Accept: application/vnd.kubernetes.protobuf"),
		"impersonation":      get(admin, ns+"/pods", "Impersonate-User: nobody"),
		"write":              ask(http.MethodPost, admin, ns+"/configmaps?dryRun=All", `{"metadata":{"name":"x"}}`),
		"head":               ask(http.MethodHead, admin, "/api/v1/pods", ""),
		"options":            ask(http.MethodOptions, admin, "/api/v1/pods", ""),
		"no such kind":       get(admin, "/api/v1/nonsense"),
		"write by nobody":    ask(http.MethodPost, nil, ns+"/configmaps", `{}`),
	}
	for name, request := range memory {
		check(t, name, validate.FromMemory(cached(t, server, request).Header))
	}
	for name, request := range upstream {
		check(t, name, validate.FromServer(cached(t, server, request).Header))
	}
	neither := map[string]*env.Answer{
		"unknown cluster": cached(t, shared.Front.Server, get(admin, "/clusters/absent/api/v1/pods")),
		"no token":        cached(t, server, get(nil, "/api/v1/pods")),
		"no right":        cached(t, server, get(user(t, cluster), "/api/v1/pods")),
		"not found":       cached(t, shared.Front.Server, get(admin, "/nonsense")),
	}
	for name, answer := range neither {
		if said := answer.Header.Get("Cache-Status"); strings.Contains(said, "hit") || answer.Code < 400 {
			t.Errorf("%s: code %d, Cache-Status %q", name, answer.Code, said)
		}
	}
}

// TestNoCacheIsTheTruth sees a change at once, without waiting for the cache.
func TestNoCacheIsTheTruth(t *testing.T) {
	p := eastPair()
	namespace := namespace(t, p.cluster)
	for range 5 {
		made := configMap(t, p.cluster, namespace, unique("cm"), "x")
		answer := cached(t, p.server, get(p.cluster.Admin, "/api/v1/namespaces/"+namespace+"/configmaps/"+made.GetName(), "Cache-Control: no-cache"))
		if answer.Code != http.StatusOK {
			t.Errorf("%s: code %d right after it was made", made.GetName(), answer.Code)
		}
	}
	p.same(t, get(user(t, p.cluster), "/api/v1/pods", "Cache-Control: no-cache")) // 403: no partial lists there
}

// TestAgeIsOnAnswersFromMemory only, and small while the cluster is heard.
func TestAgeIsOnAnswersFromMemory(t *testing.T) {
	cluster, server := east()
	if age := cached(t, server, get(cluster.Admin, "/api/v1/pods")).Header.Get("Age"); age == "" || len(age) > 2 {
		t.Errorf("Age %q from memory", age)
	}
	if age, ok := cached(t, server, get(cluster.Admin, "/api/v1/secrets")).Header["Age"]; ok {
		t.Errorf("Age %q from the API server", age)
	}
}
