package e2e

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/hack/testenv"
)

// TestAudiences lets in whose token is meant for one of those that are set, and nobody else. Such a token is no credential
// of the API server's, which says so when it is passed on.
func TestAudiences(t *testing.T) {
	_, p := tapped(t, "--api-audiences=k8cache,other")
	who := user(t, p.cluster)
	grant(t, p.cluster, who, p.cluster.Namespace("a"), readConfigMaps)
	for audience, code := range map[string]int{"k8cache": http.StatusOK, "other": http.StatusOK, "stranger": http.StatusUnauthorized} {
		meant := meantFor(t, p, who, audience)
		answer := cached(t, p.server, get(meant, "/api/v1/namespaces/"+p.cluster.Namespace("a")+"/configmaps"))
		if answer.Code != code {
			t.Errorf("a token for %s: code %d, want %d: %s", audience, answer.Code, code, answer.Body)
		}
		refused(t, "passed on", cached(t, p.server, get(meant, "/api/v1/secrets")), http.StatusUnauthorized, "Unauthorized")
	}
	refused(t, "a token for the API server", cached(t, p.server, get(who, "/api/v1/configmaps")), http.StatusUnauthorized, "Unauthorized")
	east := eastPair()
	refused(t, "where none is set", cached(t, east.server, get(meantFor(t, east, who, "k8cache"), "/api/v1/configmaps")), http.StatusUnauthorized, "Unauthorized")
}

// meantFor is somebody with a token for one audience.
func meantFor(t *testing.T, p pair, who *testenv.Identity, audience string) *testenv.Identity {
	t.Helper()
	parts := strings.Split(who.Name, ":")
	request := &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{Audiences: []string{audience}}}
	request, err := p.cluster.Client.CoreV1().ServiceAccounts(parts[2]).CreateToken(t.Context(), parts[3], request, metav1.CreateOptions{})
	must(t, err)
	return &testenv.Identity{Name: who.Name, Token: request.Status.Token}
}

// TestFrontProxiesHeadersCanBeNamed has a proxy that says it in words of its own. The usual ones mean nothing then, and
// none of either goes on to the cluster.
func TestFrontProxiesHeadersCanBeNamed(t *testing.T) {
	proxies := authority(t, "proxies")
	tap, p := tapped(t, "--requestheader-client-ca-file="+file(t, proxies.PEM()), "--requestheader-allowed-names=proxy",
		"--requestheader-username-headers=Seen-User", "--requestheader-group-headers=Seen-Group", "--requestheader-extra-headers-prefix=Seen-Extra-",
		"--requestheader-uid-headers=Seen-Uid")
	name, space := unique("named"), namespace(t, p.cluster)
	grant(t, p.cluster, &testenv.Identity{Name: name}, space, readConfigMaps)
	configMap(t, p.cluster, space, "seen", "x")
	certificate, err := proxies.Issue("proxy", nil, nil)
	must(t, err)
	proxy := p.server.As(certificate)
	t.Cleanup(proxy.Close)
	eventually(t, "the named user", func() error {
		_, err := listOf(cached(t, proxy, get(nil, "/api/v1/configmaps", "Seen-User: "+name)))
		return err
	})
	if answer := cached(t, proxy, get(nil, "/api/v1/configmaps", "Seen-User: "+name, "X-Remote-User: other")); !onlyIn(answer, space) {
		t.Errorf("not the named user's part: %s", answer.Body)
	}
	refused(t, "the usual header", cached(t, proxy, get(nil, "/api/v1/configmaps", "X-Remote-User: "+name)), http.StatusUnauthorized, "Unauthorized")
	lines := []string{"Seen-User: " + name, "Seen_User: " + name, "Seen-Group: system:masters", "Seen-Extra-Scopes: all", "Seen-Uid: 1", "X-Remote-User: " + name}
	cached(t, p.server, get(p.cluster.Admin, "/api/v1/namespaces/"+space+"/secrets", lines...))
	cached(t, p.server, get(p.cluster.Admin, "/api/v1/nodes/node-1/proxy/", lines...)) // an application's headers pass otherwise
	seen := slices.Concat(tap.Seen("/api/v1/namespaces/"+space+"/secrets"), tap.Seen("/api/v1/nodes/node-1/proxy/"))
	if len(seen) != 2 {
		t.Errorf("%d requests came through, want 2", len(seen))
	}
	for _, request := range seen {
		for header := range request.Header {
			if folded := strings.ToLower(strings.ReplaceAll(header, "_", "-")); strings.HasPrefix(folded, "seen-") || strings.HasPrefix(folded, "x-remote-") {
				t.Errorf("%s arrived with %s", request.Path, header)
			}
		}
	}
}
