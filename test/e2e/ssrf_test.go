package e2e

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/k8cache/k8cache/hack/testenv"
)

// TestThreat26_NothingAsksWhereACallerPoints has names and paths that point to a server on loopback. It is never asked, and
// what may go on goes to the cluster's API server alone, as it was written and with its caller's own credentials.
func TestThreat26_NothingAsksWhereACallerPoints(t *testing.T) {
	tap, p := tapped(t)
	who := user(t, p.cluster)
	var asked atomic.Int32
	canary := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(canary.Close)
	address := strings.TrimPrefix(canary.URL, "http://")
	_, port, err := net.SplitHostPort(address)
	must(t, err)
	root, err := url.Parse(p.server.URL)
	must(t, err)
	outside := *p.server
	outside.URL = root.Scheme + "://" + root.Host
	for _, name := range []string{
		address, "http:%2f%2f" + address, "east@" + address, "east%40" + address, "%2f%2f" + address, "east:" + port, "EAST", "east%00", "east%0d%0aHost:%20" + address,
		"east%20", "127.0.0.1", "169.254.169.254", "localhost", ".", "..", "%2e%2e", "east%2f..%2fwest", "east;" + address, "east%3f", "east%23",
	} {
		for _, caller := range []*testenv.Identity{p.cluster.Admin, who} {
			answer := raw(t, &outside, caller, "/clusters/"+name+"/api/v1/namespaces/canary/pods")
			if answer.Code != http.StatusNotFound && answer.Code != http.StatusBadRequest {
				t.Errorf("cluster %s: code %d", name, answer.Code)
			}
		}
	}
	if seen := tap.Seen("/"); len(seen) > 0 {
		for _, request := range seen {
			if strings.Contains(request.Path, "canary") {
				t.Errorf("arrived at the API server: %s", request.Path)
			}
		}
	}
	ns := "/api/v1/namespaces/" + p.cluster.Namespace("a-b")
	paths := []string{
		ns + "/pods/http:web-000:" + port + "/proxy/x", ns + "/pods/web-000:" + port + "/proxy", ns + "/services/http:" + address + ":/proxy/",
		"/api/v1/nodes/" + address + "/proxy/", "/api/v1/nodes/169.254.169.254:80/proxy/latest/meta-data", "/api/v1/nodes/node-1:" + port + "/proxy/x",
		"/api/v1/proxy/nodes/" + address, "/api/v1/proxy/namespaces/x/pods/" + address, "/api/v1/nodes/node-1/proxy/?path=http://" + address,
	}
	for _, path := range paths {
		for _, caller := range []*testenv.Identity{who, nil} {
			before := len(tap.Seen(""))
			answer := cached(t, p.server, get(caller, path))
			if answer.Code != http.StatusForbidden && answer.Code != http.StatusUnauthorized {
				t.Errorf("%s: code %d, want the API server's refusal", path, answer.Code)
			}
			bare, _, _ := strings.Cut(path, "?")
			var came bool
			for _, request := range tap.Seen("")[before:] {
				if request.Path != bare {
					continue
				}
				came = true
				want := ""
				if caller != nil {
					want = "Bearer " + caller.Token
				}
				if got := request.Header.Get("Authorization"); got != want || request.Service {
					t.Errorf("%s came with another's credentials", path)
				}
			}
			if !came {
				t.Errorf("%s did not come to the API server", path)
			}
		}
	}
	for _, request := range tap.Seen("/api/v1/") {
		if request.Service && (strings.Contains(request.Path, "proxy") || strings.HasSuffix(request.Path, "/secrets")) {
			t.Errorf("k8cache asked with its own credentials: %s", request.Path)
		}
	}
	if n := asked.Load(); n > 0 {
		t.Errorf("%d requests came to where callers pointed", n)
	}
}
