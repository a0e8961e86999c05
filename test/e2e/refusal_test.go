package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// reads are paths that are answered from memory for those who may.
func reads(cluster *env.Cluster) []string {
	ns := "/namespaces/" + cluster.Namespace("a-b")
	return []string{
		"/api/v1/pods", "/api/v1" + ns + "/pods", "/api/v1" + ns + "/pods/web-000", "/api/v1/namespaces", "/api/v1" + ns, "/api/v1/nodes",
		"/api/v1/nodes/absent", "/apis/apps/v1/deployments", "/apis/apps/v1" + ns + "/deployments/web",
		"/apis/e2e.k8cache.dev/v1/widgets", "/apis/e2e.k8cache.dev/v1" + ns + "/widgets/widget", "/apis/e2e.k8cache.dev/v1/gadgets",
		"/apis/rbac.authorization.k8s.io/v1/clusterroles/view", "/api/v1/namespaces/absent/pods",
	}
}

// TestNoRightsIs403 compares the whole refusal, also for what is not there: it must not tell.
func TestNoRightsIs403(t *testing.T) {
	p := eastPair()
	who := user(t, p.cluster)
	for _, path := range append(reads(p.cluster), "/api/v1/secrets", "/api/v1/nonsense", "/apis/nonsense.example/v1/things", "/nonsense") {
		if answer := p.same(t, get(who, path)); answer.Code != http.StatusForbidden {
			t.Errorf("%s: code %d, want 403", path, answer.Code)
		}
	}
	p.same(t, get(who, "/api/v1/pods", "User-Agent: curl/8.5.0"))
	p.same(t, get(who, "/api/v1/pods?fieldSelector=metadata.name%3Dweb-000"))
}

// TestNoTokenIs401 asks for what is in memory without saying who asks.
func TestNoTokenIs401(t *testing.T) {
	cluster, server := east()
	for _, path := range append(reads(cluster), "/api/v1/pods?watch=1&timeoutSeconds=1") {
		refused(t, path, cached(t, server, get(nil, path)), http.StatusUnauthorized, "Unauthorized")
	}
}

// TestBadTokenIs401 compares with the API server, for reads from memory, proxied reads and writes.
func TestBadTokenIs401(t *testing.T) {
	p := eastPair()
	valid := p.cluster.Admin.Token
	for name, token := range map[string]string{
		"guessed": "guessed", "cut short": valid[:len(valid)-2], "signature of another": valid[:strings.LastIndex(valid, ".")] + ".AAAA",
		"two words": "one two", "none after Bearer": " ", "very long": strings.Repeat("a", 20000),
	} {
		t.Run(name, func(t *testing.T) {
			who := &testenv.Identity{Token: token}
			for _, path := range append(reads(p.cluster), "/api/v1/secrets", "/version") {
				want, got := direct(t, p.cluster, get(who, path)), cached(t, p.server, get(who, path))
				// An API server takes an empty token for none; reads from memory are refused all the same.
				if want.Code == http.StatusUnauthorized || validate.FromServer(got.Header) == nil {
					sameAnswer(t, path, want, got)
				} else {
					refused(t, path, got, http.StatusUnauthorized, "Unauthorized")
				}
			}
		})
	}
}

// TestOtherSchemesAre401 sends what is no bearer token.
func TestOtherSchemesAre401(t *testing.T) {
	p := eastPair()
	for _, line := range []string{"Authorization: Basic YWRtaW46YWRtaW4=", "Authorization: Bearer", "Authorization: Token " + p.cluster.Admin.Token, "Authorization: "} {
		answer := cached(t, p.server, get(nil, "/api/v1/pods", line))
		refused(t, line, answer, http.StatusUnauthorized, "Unauthorized")
	}
	p.sameList(t, nil, "/api/v1/pods", "Authorization: bearer "+p.cluster.Admin.Token) // the scheme's case is of no matter
}

// TestUnknownClusterIs404 comes before any question of who asks.
func TestUnknownClusterIs404(t *testing.T) {
	admin := shared.East.Admin
	for _, who := range []*testenv.Identity{admin, nil} {
		for _, path := range []string{
			"/clusters/absent/api/v1/pods", "/clusters/absent/version", "/clusters/EAST/api/v1/pods", "/clusters/absent/",
			"/clusters/127.0.0.1:22/api/v1/pods", "/clusters/east.example/api/v1/pods", "/clusters/..%2Feast/api/v1/pods",
		} {
			answer := cached(t, shared.Front.Server, get(who, path))
			refused(t, path, answer, http.StatusNotFound, "NotFound")
		}
	}
	check(t, "write", validate.Source(cached(t, shared.Front.Server, ask(http.MethodPost, admin, "/clusters/absent/api/v1/namespaces", "{}")).Header))
}
