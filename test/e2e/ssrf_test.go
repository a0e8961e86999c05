package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
)

// canary is a server on loopback that nobody has a reason to ask.
type canary struct {
	address string
	asked   atomic.Int32
}

func newCanary(t *testing.T) *canary {
	t.Helper()
	c := &canary{}
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { c.asked.Add(1) }))
	t.Cleanup(server.Close)
	c.address = strings.TrimPrefix(server.URL, "http://")
	return c
}

func (c *canary) port() string { return c.address[strings.LastIndex(c.address, ":")+1:] }

// TestThreat26_ClustersAreThoseOfTheKubeconfig has names that point elsewhere. None is a cluster's, nothing goes out, and
// k8cache reads no Secret to find more.
func TestThreat26_ClustersAreThoseOfTheKubeconfig(t *testing.T) {
	tap, p := tapped(t)
	who, bird := user(t, p.cluster), newCanary(t)
	root, err := url.Parse(p.server.URL)
	must(t, err)
	outside := *p.server
	outside.URL = root.Scheme + "://" + root.Host
	for _, name := range []string{
		bird.address, "http:%2f%2f" + bird.address, "east@" + bird.address, "east%40" + bird.address, "%2f%2f" + bird.address, "east:" + bird.port(), "EAST",
		"east%00", "east%0d%0aHost:%20" + bird.address, "east%20", "127.0.0.1", "169.254.169.254", "localhost", ".", "..", "%2e%2e", "east%2f..%2fwest",
		"east;" + bird.address, "east%3f", "east%23",
	} {
		for _, caller := range []*testenv.Identity{p.cluster.Admin, who} {
			answer := raw(t, &outside, caller, "/clusters/"+name+"/api/v1/namespaces/canary/pods")
			if answer.Code != http.StatusNotFound && answer.Code != http.StatusBadRequest {
				t.Errorf("cluster %s: code %d", name, answer.Code)
			}
		}
	}
	for _, request := range tap.Seen("") {
		if strings.Contains(request.Path, "canary") || strings.Contains(request.Path, "/secrets") {
			t.Errorf("arrived at the API server: %s", request.Path)
		}
	}
	if n := bird.asked.Load(); n > 0 {
		t.Errorf("%d requests came to where callers pointed", n)
	}
}

// TestThreat26_ProxiesAreTheAPIServers has paths through which an API server would reach on. They go to it alone, as they
// were written and with their caller's own credentials, or none.
func TestThreat26_ProxiesAreTheAPIServers(t *testing.T) {
	tap, p := tapped(t)
	who, bird := user(t, p.cluster), newCanary(t)
	ns := "/api/v1/namespaces/" + p.cluster.Namespace("a-b")
	for _, path := range []string{
		ns + "/pods/http:web-000:" + bird.port() + "/proxy/x", ns + "/pods/web-000:" + bird.port() + "/proxy", ns + "/services/http:" + bird.address + ":/proxy/",
		"/api/v1/nodes/" + bird.address + "/proxy/", "/api/v1/nodes/169.254.169.254:80/proxy/latest/meta-data", "/api/v1/nodes/node-1:" + bird.port() + "/proxy/x",
		"/api/v1/proxy/nodes/" + bird.address, "/api/v1/proxy/namespaces/x/pods/" + bird.address, "/api/v1/nodes/node-1/proxy/?path=http://" + bird.address,
	} {
		for caller, authorization := range map[*testenv.Identity]string{who: "Bearer " + who.Token, nil: ""} {
			before := len(tap.Seen(""))
			answer := cached(t, p.server, get(caller, path))
			if answer.Code != http.StatusForbidden && answer.Code != http.StatusUnauthorized {
				t.Errorf("%s: code %d, want the API server's refusal", path, answer.Code)
			}
			wantsOnly(t, tap.Seen("")[before:], path, authorization)
		}
	}
	if n := bird.asked.Load(); n > 0 {
		t.Errorf("%d requests came to where callers pointed", n)
	}
}

// wantsOnly checks that a path came through, with nobody's credentials but its caller's.
func wantsOnly(t *testing.T, seen []env.Seen, path, authorization string) {
	t.Helper()
	path, _, _ = strings.Cut(path, "?")
	var came bool
	for _, request := range seen {
		if request.Path != path {
			continue
		}
		came = true
		if request.Header.Get("Authorization") != authorization || request.Service {
			t.Errorf("%s came with another's credentials", path)
		}
	}
	if !came {
		t.Errorf("%s did not come to the API server", path)
	}
}
