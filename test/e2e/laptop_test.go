package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// laptop is a k8cache for one's own use: plain HTTP on loopback, every caller acts as the kubeconfig's user.
func laptop(t *testing.T, context testenv.Context) (*env.Front, pair) {
	t.Helper()
	front := start(t, []testenv.Context{context}, testenv.ProcessOptions{PlainHTTP: true, Args: []string{"--authentication=kubeconfig"}})
	return front, pair{shared.East, front.Of(shared.East)}
}

// TestKubeconfigAuthentication needs no token, and takes none.
func TestKubeconfigAuthentication(t *testing.T) {
	cluster := shared.East
	_, p := laptop(t, cluster.Context())
	got := cached(t, p.server, get(nil, "/api/v1/pods"))
	check(t, "pods", validate.FromMemory(got.Header))
	want := direct(t, cluster, get(cluster.Admin, at("/api/v1/pods", versionOf(t, got.Body))))
	sameAnswer(t, "pods", want, got)
	review := `{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}`
	for _, who := range []*testenv.Identity{nil, user(t, cluster)} {
		answer := cached(t, p.server, ask(http.MethodPost, who, "/apis/authentication.k8s.io/v1/selfsubjectreviews", review))
		if answer.Code >= 300 && who == nil || strings.Contains(string(answer.Body), "e2e-users:user-") {
			t.Errorf("code %d: %s", answer.Code, answer.Body)
		}
	}
}

// TestKubeconfigAuthenticationOfALittleUser shows that user's part, and not what more k8cache might see.
func TestKubeconfigAuthenticationOfALittleUser(t *testing.T) {
	cluster := shared.East
	who := user(t, cluster)
	grant(t, cluster, who, cluster.Namespace("a"), readPods)
	_, p := laptop(t, testenv.Context{Name: cluster.Name, Config: who.Config})
	for _, path := range []string{"/api/v1/pods", "/api/v1/configmaps", "/api/v1/namespaces/" + cluster.Namespace("b") + "/pods"} {
		want, got := direct(t, cluster, get(who, path)), cached(t, p.server, get(nil, path))
		if got.Code != want.Code {
			t.Errorf("%s: code %d, the API server's %d for this user", path, got.Code, want.Code)
		}
	}
	path := "/api/v1/namespaces/" + cluster.Namespace("a") + "/pods"
	check(t, path, sameItems(t, direct(t, cluster, get(who, path)), cached(t, p.server, get(nil, path))))
}

// TestThreat22_OtherPeoplesPagesCannotUseIt sends what a browser would send for a page of somebody else's: by a name that
// was rebound to loopback, or across origins.
func TestThreat22_OtherPeoplesPagesCannotUseIt(t *testing.T) {
	front, p := laptop(t, shared.East.Context())
	for _, host := range []string{"evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example", "169.254.169.254", ""} {
		text := fmt.Sprintf("GET {base}/api/v1/pods HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", host)
		if answer, err := p.server.AskRaw(t.Context(), text); err == nil && answer.Code < 400 {
			t.Errorf("host %q: code %d", host, answer.Code)
		}
	}
	path := "/api/v1/namespaces/" + p.cluster.Namespace("a") + "/configmaps?dryRun=All"
	for _, lines := range [][]string{
		{"Origin: https://evil.example"},
		{"Origin: null"},
		{"Sec-Fetch-Site: cross-site"},
		{"Sec-Fetch-Site: same-site"},
		{"Origin: https://evil.example", "Content-Type: text/plain"},
	} {
		if answer := cached(t, p.server, ask(http.MethodPost, nil, path, `{"metadata":{"name":"x"}}`, lines...)); answer.Code != http.StatusForbidden {
			t.Errorf("%q: code %d, want 403", lines, answer.Code)
		}
	}
	upgrade := []string{"Origin: https://evil.example", "Connection: Upgrade", "Upgrade: websocket", "Sec-Websocket-Version: 13", "Sec-Websocket-Key: dGhlIHNhbXBsZSBub25jZQ=="}
	if answer := cached(t, p.server, get(nil, "/api/v1/pods?watch=1", upgrade...)); answer.Code != http.StatusForbidden {
		t.Errorf("WebSocket across origins: code %d, want 403", answer.Code)
	}
	own := "Origin: " + front.URL
	if answer := cached(t, p.server, ask(http.MethodPost, nil, path, `{"metadata":{"name":"x"}}`, own)); answer.Code != http.StatusCreated {
		t.Errorf("its own page: code %d: %s", answer.Code, answer.Body)
	}
}
