package httpapi

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/sets"
	apirequest "k8s.io/apiserver/pkg/endpoints/request"
)

func TestParseTargetSplitsOffTheCluster(t *testing.T) {
	for _, test := range []struct {
		path string
		want target
		ok   bool
	}{
		{"/clusters/east/api/v1/pods", target{"east", "/api/v1/pods"}, true},
		{"/clusters/east", target{"east", "/"}, true},
		{"/clusters/arn:aws:eks:eu-west-1:1:cluster%2Fprod/apis", target{"arn:aws:eks:eu-west-1:1:cluster/prod", "/apis"}, true},
		{"/clusters/east/api/v1/namespaces/a%2Fb/pods", target{"east", "/api/v1/namespaces/a%2Fb/pods"}, true},
		{"/clusters//api", target{}, false},
		{"/api/v1/pods", target{"", "/api/v1/pods"}, true},
	} {
		u, err := url.Parse(test.path)
		if err != nil {
			t.Fatal(err)
		}
		got, ok := parseTarget(u)
		if ok != test.ok || got != test.want {
			t.Errorf("%s: got %+v, %v; want %+v, %v", test.path, got, ok, test.want, test.ok)
		}
	}
}

func TestParsePathReadsCanonicalPaths(t *testing.T) {
	pods := schema.GroupVersionResource{Version: "v1", Resource: "pods"}
	namespaces := schema.GroupVersionResource{Version: "v1", Resource: "namespaces"}
	deployments := schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "deployments"}
	for path, want := range map[string]object{
		"/api/v1/pods":                                   {GroupVersionResource: pods},
		"/api/v1/namespaces/a/pods":                      {GroupVersionResource: pods, namespace: "a"},
		"/api/v1/namespaces/a/pods/p":                    {GroupVersionResource: pods, namespace: "a", name: "p"},
		"/api/v1/namespaces/a/pods/p/log":                {GroupVersionResource: pods, namespace: "a", name: "p", subresource: "log"},
		"/api/v1/namespaces":                             {GroupVersionResource: namespaces},
		"/api/v1/namespaces/a":                           {GroupVersionResource: namespaces, namespace: "a", name: "a"},
		"/api/v1/namespaces/a/status":                    {GroupVersionResource: namespaces, namespace: "a", name: "a", subresource: "status"},
		"/apis/apps/v1/namespaces/a/deployments/d/scale": {GroupVersionResource: deployments, namespace: "a", name: "d", subresource: "scale"},
	} {
		got, ok := parsePath(path)
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(object{})); !ok || diff != "" {
			t.Errorf("%s: ok=%v\n%s", path, ok, diff)
		}
	}
}

// What an API server reads in ways of its own is never read here. See the tricks in the table of RequestInfo's
// behaviour: empty segments change the scope, escapes are decoded, old prefixes still work.
func TestThreat17_OddPathsAreNotRead(t *testing.T) {
	for _, path := range []string{
		"/api/v1/namespaces//pods", "/api//v1/pods", "//api/v1/pods", "/api/v1/pods/", "/api/v1/namespaces/../pods",
		"/api/v1/namespaces/./pods", "/api/v1/namespaces/%2e%2e/pods", "/api/v1/namespaces/a%2fpods", "/api/v1/namespaces/a;x/pods",
		"/api/v1/namespaces/a%00/pods", "/api/v1/watch/pods", "/api/v1/proxy/namespaces/a/pods/p", "/api/v1/namespaces/a%5cb/pods",
		"/api/v1/p%6fds", "/api/v1", "/apis", "/apis/apps", "/apis/apps/v1", "/version", "/", "",
	} {
		if got, ok := parsePath(path); ok {
			t.Errorf("%q was read as %+v", path, got)
		}
	}
}

func TestThreat18_OddQueriesAreNotRead(t *testing.T) {
	for _, query := range []string{
		"watch=1&watch=0", "limit=1&limit=2", "limit=1&Limit=2", "labelSelector=%zz",
		"a;b=c", "watch=false&Watch=true",
	} {
		if _, ok := parseRead(get("/api/v1/pods?"+query), object{}); ok {
			t.Errorf("%q was read", query)
		}
	}
	for query, verb := range map[string]string{
		"": "list", "watch=0": "list", "watch=FALSE": "list", "limit=500": "list", "anything=else": "list",
		"watch": "watch", "watch=": "watch", "watch=1": "watch", "watch=no": "watch",
	} {
		if got, ok := parseRead(get("/api/v1/pods?"+query), object{}); !ok || got.verb() != verb {
			t.Errorf("%q was read as %q, %v", query, got.verb(), ok)
		}
	}
}

func TestThreat19_ImpersonationIsNotRead(t *testing.T) {
	for _, name := range []string{"Impersonate-User", "impersonate-group", "IMPERSONATE-EXTRA-x", "Impersonate_User"} {
		r := get("/api/v1/pods")
		r.Header[name] = []string{"admin"}
		if _, ok := parseRead(r, object{}); ok {
			t.Errorf("a request with %s was read", name)
		}
	}
}

func TestThreat20_OnlyPlainGetsAreRead(t *testing.T) {
	for _, method := range []string{http.MethodHead, http.MethodPost, http.MethodOptions, "PROPFIND"} {
		if _, ok := parseRead(httptest.NewRequest(method, "/api/v1/pods", nil), object{}); ok {
			t.Errorf("%s was read", method)
		}
	}
	r := get("/api/v1/pods")
	r.Header.Set("Upgrade", "websocket")
	if _, ok := parseRead(r, object{}); ok {
		t.Error("an upgrade was read")
	}
	if _, ok := parseRead(httptest.NewRequest(http.MethodGet, "/api/v1/pods", http.NoBody), object{}); !ok {
		t.Error("a get without body was not read")
	}
}

// FuzzParsePath compares with the API server's own reading: what is read here at all must be read alike.
func FuzzParsePath(f *testing.F) {
	for _, seed := range []string{
		"/api/v1/pods", "/api/v1/namespaces/a/pods/p", "/apis/apps/v1/namespaces/a/deployments/d/scale", "/api/v1/namespaces/a",
		"/api/v1/namespaces/a/status", "/api/v1/watch/pods", "/api/v1/namespaces//pods", "/apis/apps/v1/proxy/pods", "/api/v1/nodes/n/proxy/x",
		"/api/v1/namespaces/status", "/api/v1/namespaces/a/finalize", "/apis/x/v1/namespaces/a/namespaces/b",
	} {
		f.Add(seed, "")
	}
	f.Add("/api/v1/pods", "watch=0&fieldSelector=metadata.name%3Dx")
	oracle := &apirequest.RequestInfoFactory{APIPrefixes: sets.NewString("api", "apis"), GrouplessAPIPrefixes: sets.NewString("api")}
	f.Fuzz(func(t *testing.T, path, query string) {
		u, err := url.Parse(path)
		if err != nil || u.Host != "" || u.RawQuery != "" || u.ForceQuery {
			t.Skip()
		}
		u.RawQuery = query
		r := &http.Request{Method: http.MethodGet, URL: u, Header: http.Header{}}
		named, canonical := parsePath(u.EscapedPath())
		if !canonical {
			return
		}
		info, err := oracle.NewRequestInfo(r)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(objectOf(info), atFirstPart(named), cmp.AllowUnexported(object{})); !info.IsResourceRequest || diff != "" {
			t.Errorf("%s: RequestInfo reads it otherwise:\n%s", path, diff)
		}
		if want, ok := parseRead(r, named); ok {
			sameAttributes(t, want, info)
		}
	})
}

func objectOf(info *apirequest.RequestInfo) object {
	return object{
		GroupVersionResource: schema.GroupVersionResource{Group: info.APIGroup, Version: info.APIVersion, Resource: info.Resource},
		namespace:            info.Namespace, subresource: info.Subresource,
	}
}

// atFirstPart drops what RequestInfo keeps elsewhere: the name, which selectors set too, and the path in a subresource.
func atFirstPart(o object) object {
	o.name = ""
	o.subresource, _, _ = strings.Cut(o.subresource, "/")
	return o
}

func sameAttributes(t *testing.T, want read, info *apirequest.RequestInfo) {
	options, err := parseListOptions(want.GroupResource(), want.query)
	if want.name == "" && (err != nil || options.freshness == asUpstream) {
		return
	}
	want.namespaced = true
	attributes := want.attributes(options)
	if attributes.Verb != info.Verb || attributes.Name != info.Name {
		t.Errorf("%s: verb %q and name %q, RequestInfo says %q and %q", info.Path, attributes.Verb, attributes.Name, info.Verb, info.Name)
	}
}

func get(target string) *http.Request { return httptest.NewRequest(http.MethodGet, target, nil) }
