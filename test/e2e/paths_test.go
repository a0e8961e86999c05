package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
)

// tricks are paths that programs read in more than one way. NS is a namespace, and OTHER one that the caller may not see.
var tricks = []string{
	"/api/v1/namespaces/NS/../OTHER/pods", "/api/v1/namespaces/NS/./pods", "/api/v1/namespaces/NS//pods", "/api/v1/namespaces//pods",
	"//api/v1/namespaces/NS/pods", "/api//v1/namespaces/NS/pods", "/api/v1/namespaces/NS/pods/", "/api/v1/namespaces/NS/pods//web-000",
	"/api/v1/namespaces/NS/%2e%2e/OTHER/pods", "/api/v1/namespaces/NS%2fpods", "/api/v1/namespaces%2fNS/pods", "/api/v1/namespaces/NS%2f..%2fOTHER/pods",
	"/api/v1/namespaces/NS/pods%2fweb-000", "/api/v1/namespaces/NS/pods;x/web-000", "/api/v1/namespaces/NS/pods/web-000;x", "/api/v1/namespaces/NS/pods%00",
	"/api/v1/namespaces/NS/pods/web-000%00", "/api/v1/namespaces/NS/pods%0a", "/api/v1/namespaces/NS/pods%5cweb-000", "/api/v1/namespaces/NS\\pods",
	"/API/v1/namespaces/NS/pods", "/api/V1/namespaces/NS/pods", "/api/v1/NAMESPACES/NS/pods", "/api/v1/namespaces/NS/Pods", "/api/v1/namespaces/NS/PODS/web-000",
	"/api/v1/namespaces/NS/%70ods", "/api/v1/%6eamespaces/NS/pods", "/%61pi/v1/pods", "/api/v1/namespaces/NS/pods/%77eb-000",
	"/api/v1/watch/namespaces/NS/pods?timeoutSeconds=1", "/api/v1/watch/pods?timeoutSeconds=1", "/api/v1/proxy/namespaces/NS/pods/web-000",
	"/api/v1/namespaces/NS/pods/%ff%fe", "/api/v1/namespaces/%ff/pods", "/api/v1/namespaces/NS/pods/..", "/api/v1/namespaces/NS/pods/.", "/api/v1/namespaces/pods",
	"/api/v1/namespaces/pods/pods", "/api/v1/namespaces/NS/namespaces/OTHER", "/api/v1/namespaces/NS/status", "/api/v1/namespaces/NS/finalize",
	"/api/v1/namespaces/NS/pods/web-000/status/extra", "/api/v1/pods/namespaces/NS", "/apis//v1/pods", "/apis/v1/pods", "/api/v1", "/api", "/api/", "/apis/", "/apis/apps",
	"/api/v1/namespaces/NS/pods?", "/api/v1/namespaces/NS/pods#x", "/api/v1/namespaces/NS/pods%3flimit=1", "/api/v1/namespaces/NS/pods%23", "/api/v1/namespaces/NS/pods%20",
	"/api/v1/namespaces/NS /pods", "/../api/v1/pods", "/..%2fapi/v1/pods", "/clusters/east/api/v1/pods", "/api/v1/namespaces/ns:x/pods", "/api/v1/namespaces/-/pods",
	"/api/v1/namespaces/*/pods", "/api/v1/namespaces/NS/pods/*", "/api/v1/namespaces/NS/pods,secrets", "/api/v1/namespaces/NS/pods.v1.", "/apis/apps/v1/../../../api/v1/secrets",
	"/openapi/../api/v1/secrets", "/version/../api/v1/secrets", "/healthz/../api/v1/secrets",
}

// TestThreat17_PathsAreReadAsTheAPIServerReadsThem sends each trick, byte for byte, as admin and as somebody who may see
// one namespace. The code is the API server's, or 400 where k8cache wants no part in it, and the body shows nothing that
// the API server would not.
func TestThreat17_PathsAreReadAsTheAPIServerReadsThem(t *testing.T) {
	p := eastPair()
	who := user(t, p.cluster)
	mine, other := p.cluster.Namespace("a-b"), p.cluster.Namespace("b")
	grant(t, p.cluster, who, mine, readPods)
	knows(t, p.server, who, "/api/v1/namespaces/"+mine+"/pods")
	for _, trick := range append(tricks, "/api/v1/namespaces/NS/pods/"+strings.Repeat("a", 60000)) {
		path := strings.NewReplacer("NS", mine, "OTHER", other).Replace(trick)
		t.Run(cut(trick), func(t *testing.T) {
			for _, caller := range []*testenv.Identity{p.cluster.Admin, who} {
				want, got := raw(t, p.cluster.Server, caller, path), raw(t, p.server, caller, path)
				if got.Code != want.Code && got.Code != http.StatusBadRequest && !isPart(want, got, path) {
					t.Errorf("%s: code %d, the API server's %d: %s", caller.Name, got.Code, want.Code, cut(string(got.Body)))
				}
				if caller == who && strings.Contains(string(got.Body), `"namespace":"`+other+`"`) {
					t.Errorf("%s sees something of %s", caller.Name, other)
				}
			}
		})
	}
}

// isPart says whether k8cache gave somebody their part of what the API server refused altogether.
func isPart(want, got *env.Answer, path string) bool {
	return want.Code == http.StatusForbidden && got.Code == http.StatusOK && !strings.Contains(path, "/namespaces/")
}

// raw sends a path as it is written.
func raw(t *testing.T, server *env.Server, who *testenv.Identity, path string) *env.Answer {
	t.Helper()
	answer, err := server.AskRaw(t.Context(), fmt.Sprintf(
		"GET {base}%s HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n", path, who.Token))
	if err != nil {
		t.Fatalf("%s: %v", cut(path), err)
	}
	return answer
}

func cut(text string) string { return text[:min(len(text), 300)] }

// TestThreat17_NoPathLeadsOutOfTheCluster tries to get from one cluster's prefix to another's, and to the process's own.
func TestThreat17_NoPathLeadsOutOfTheCluster(t *testing.T) {
	eastern, server := east()
	western, _ := west(t)
	base, err := url.Parse(server.URL)
	must(t, err)
	marker := `"cluster":"` + western.Name + `"`
	for _, path := range []string{
		"/../" + western.Name + "/api/v1/configmaps", "/%2e%2e/" + western.Name + "/api/v1/configmaps", "/..%2f" + western.Name + "/api/v1/configmaps",
		"%2f..%2f" + western.Name + "/api/v1/configmaps", "/../../clusters/" + western.Name + "/api/v1/configmaps", "//" + western.Name + "/api/v1/configmaps",
	} {
		for _, who := range []*testenv.Identity{eastern.Admin, western.Admin} {
			if answer := raw(t, server, who, path); strings.Contains(string(answer.Body), marker) {
				t.Errorf("%s%s as %s shows the west", base.Path, path, who.Name)
			}
		}
	}
}

// TestThreat24_AdminIsNotPublic asks the public listener for what is on the other.
func TestThreat24_AdminIsNotPublic(t *testing.T) {
	cluster, _ := east()
	for _, path := range []string{"/metrics", "/debug/pprof/", "/debug/pprof/goroutine?debug=2", "/livez", "/readyz", "/healthz", "/", "/ui/../metrics"} {
		for _, who := range []*testenv.Identity{cluster.Admin, nil} {
			answer := cached(t, shared.Front.Server, get(who, path))
			if answer.Code == http.StatusOK && strings.Contains(path, "metrics") || strings.Contains(string(answer.Body), "goroutine profile") {
				t.Errorf("%s: code %d on the public listener", path, answer.Code)
			}
			if answer.Code == http.StatusOK && path != "/" {
				t.Errorf("%s: code 200 on the public listener", path)
			}
		}
	}
}
