package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// queries are parameters of lists, good and bad. Where the API server makes an error of one, the error must be its own.
var queries = []string{
	"limit=abc", "limit=-1", "limit=0", "limit=1", "limit=9999999999999999999", "limit=1&limit=2", "LIMIT=1", "limit=", "limit=+1", "limit=1.5",
	"continue=nonsense", "continue=", "continue=%00", "continue=eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiIuLi94In0",
	"resourceVersion=abc", "resourceVersion=-1", "resourceVersion=0", "resourceVersion=", "resourceVersion=1", "resourceVersion=0&resourceVersionMatch=Exact",
	"resourceVersionMatch=Exact", "resourceVersionMatch=NotOlderThan", "resourceVersion=1&resourceVersionMatch=Nonsense", "resourceVersion=1&resourceVersionMatch=Exact",
	"resourceVersion=1&resourceVersionMatch=NotOlderThan", "resourceVersion=0&limit=1", "resourceVersion=18446744073709551616", "sendInitialEvents=true", "sendInitialEvents=abc",
	"labelSelector=app", "labelSelector=app%3Dweb", "labelSelector=app+in+(web,x)", "labelSelector=!app", "labelSelector=app%3D%3Dweb,tier!%3Dback", "labelSelector=app+in+()",
	"labelSelector=a%3Db%3Dc", "labelSelector=,", "labelSelector=app,", "labelSelector=%zz", "labelSelector=app>1", "labelSelector=-x", "labelSelector=" + strings.Repeat("a", 64),
	"labelSelector=app%3Dweb;limit=1", "labelSelector=app&labelSelector=x",
	"fieldSelector=metadata.name%3Dweb-000", "fieldSelector=metadata.name!%3Dweb-000", "fieldSelector=metadata.namespace%3DNS", "fieldSelector=metadata.namespace!%3Dx",
	"fieldSelector=metadata.name", "fieldSelector=metadata.name%3Dweb-000,", "fieldSelector=spec.nodeName%3D", "fieldSelector=status.phase%3DPending",
	"fieldSelector=metadata.name%3Dweb-000,metadata.name%3Dweb-001", "fieldSelector=metadata.name%3D..", "fieldSelector=metadata.name%3D%2F",
	"timeoutSeconds=abc", "timeoutSeconds=-1", "timeout=abc", "timeout=10s", "allowWatchBookmarks=abc", "watch=false", "watch=0", "watch=FALSE", "watch=false&watch=true",
	"unknown=1", "%zz=1", "a;b=c", "a=%", "=", "&", "pretty=1&pretty=0", "export=true", "exact=true", "includeUninitialized=true", "shardSelector=x",
}

// TestThreat18_QueriesAreReadAsTheAPIServerReadsThem compares codes, and bodies where the API server makes an error of it.
// The list of all namespaces, of one, and of a custom resource.
func TestThreat18_QueriesAreReadAsTheAPIServerReadsThem(t *testing.T) {
	p := eastPair()
	for _, path := range []string{"/api/v1/pods", "/api/v1/namespaces/NS/pods", "/apis/e2e.k8cache.dev/v1/widgets"} {
		path = strings.ReplaceAll(path, "NS", p.cluster.Namespace("a-b"))
		for _, query := range queries {
			query = strings.ReplaceAll(query, "NS", p.cluster.Namespace("a-b"))
			t.Run(path+"?"+cut(query), func(t *testing.T) { compareQuery(t, p, p.cluster.Admin, path+"?"+query) })
		}
	}
}

func compareQuery(t *testing.T, p pair, who *testenv.Identity, path string) {
	want, got := direct(t, p.cluster, get(who, path)), cached(t, p.server, get(who, path))
	// One of the things that a cache adds: any field can be selected by, not only those an API server knows for a kind.
	if got.Code == http.StatusOK && strings.Contains(string(want.Body), "field label not supported") {
		return
	}
	if got.Code != want.Code {
		t.Fatalf("code %d, the API server's %d: %s instead of %s", got.Code, want.Code, cut(string(got.Body)), cut(string(want.Body)))
	}
	if want.Code != http.StatusOK {
		check(t, path, validate.SameBytes(want.Body, got.Body))
		return
	}
	check(t, path, sameItems(t, want, got))
}

// sameItems compares what is in two lists, of versions that may differ.
func sameItems(t *testing.T, want, got *env.Answer) error {
	t.Helper()
	return validate.Union(list(t, got), list(t, want))
}

// TestThreat18_QueriesShowNoMoreToWhoMaySeeAPart asks the same as somebody who may see three namespaces.
func TestThreat18_QueriesShowNoMoreToWhoMaySeeAPart(t *testing.T) {
	p := eastPair()
	who := readerOfThree(t, p)
	for _, query := range queries {
		onlyOfThree(t, p.cluster, query, cached(t, p.server, get(who, "/api/v1/pods?"+query)))
	}
	for _, query := range []string{"fieldSelector=metadata.namespace%3D" + p.cluster.Namespace("n09"), "fieldSelector=metadata.namespace!%3D" + p.cluster.Namespace("a"), "search=web", "limit=3", "namespace=" + p.cluster.Namespace("n09")} {
		onlyOfThree(t, p.cluster, query, cached(t, p.server, get(who, "/api/v1/pods?"+query)))
	}
}

// TestThreat18_BodyOnAGet is not read from memory, nor in two ways.
func TestThreat18_BodyOnAGet(t *testing.T) {
	p := eastPair()
	request := ask(http.MethodGet, p.cluster.Admin, "/api/v1/namespaces/"+p.cluster.Namespace("a-b")+"/pods/web-000", `{"limit":1}`)
	p.same(t, request)
	who := user(t, p.cluster)
	p.same(t, ask(http.MethodGet, who, "/api/v1/pods", `{}`))
}
