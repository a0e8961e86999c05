package e2e

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// TestImpersonationIsJudgedByTheCluster bypasses the cache in whatever case the header is written.
func TestImpersonationIsJudgedByTheCluster(t *testing.T) {
	p := eastPair()
	who, other := user(t, p.cluster), user(t, p.cluster)
	namespace := p.cluster.Namespace("n06")
	grant(t, p.cluster, who, namespace, readPods)
	path := "/api/v1/namespaces/" + namespace + "/pods"
	knows(t, p.server, who, path)
	for _, header := range []string{"Impersonate-User", "impersonate-user", "IMPERSONATE-USER"} {
		admin := p.same(t, get(p.cluster.Admin, path+"/absent", header+": "+who.Name))
		if admin.Code != http.StatusNotFound {
			t.Errorf("%s by the admin: code %d, want 404", header, admin.Code)
		}
		check(t, header, validate.FromServer(admin.Header))
		p.same(t, get(p.cluster.Admin, path+"/absent", header+": "+other.Name)) // 403: the other may do nothing
		denied := p.same(t, get(other, path, header+": "+who.Name))
		if denied.Code != http.StatusForbidden {
			t.Errorf("%s by somebody who may not: code %d, want 403", header, denied.Code)
		}
	}
	p.same(t, get(p.cluster.Admin, path, "Impersonate-Group: system:masters"))
	p.same(t, get(p.cluster.Admin, path+"/absent", "Impersonate-User: "+who.Name, "Impersonate-User: "+other.Name))
	p.same(t, get(p.cluster.Admin, path+"/absent", "Impersonate-User: "+other.Name, "Impersonate-Group: system:masters", "Impersonate-Group: b"))
	p.same(t, get(p.cluster.Admin, path, "Impersonate-User: "+other.Name, "Impersonate-Extra-Reason: x", "Impersonate-Uid: 1"))
	p.same(t, ask(http.MethodPost, p.cluster.Admin, path, `{"metadata":{"name":"x"}}`, "Impersonate-User: "+who.Name))
}

// identities are headers by which others than the caller's credentials would say who asks.
var identities = []string{
	"X-Remote-User: admin", "X-Remote-Group: system:masters", "X-Remote-Extra-Scopes: all", "X-Remote-Uid: 1", "x-remote-user: admin",
	"X_Remote_User: admin", "X-Remote_Group: system:masters", "Impersonate_User: admin", "X-Forwarded-For: 10.0.0.1",
	"X-Forwarded-User: admin", "X-Forwarded-Client-Cert: x", "Forwarded: for=10.0.0.1", "X-Real-Ip: 10.0.0.1", "Front-Proxy-User: admin",
	"Proxy-Authorization: Basic eA==", "Cookie: session=1", "X-Original-Url: /api/v1/secrets", "X-Http-Method-Override: DELETE",
}

// TestThreat19_IdentityHeadersNeverReachTheAPIServer looks at what arrives there, of reads and writes.
func TestThreat19_IdentityHeadersNeverReachTheAPIServer(t *testing.T) {
	tap, p := tapped(t)
	who := user(t, p.cluster)
	path := "/api/v1/namespaces/" + p.cluster.Namespace("a")
	for _, lines := range [][]string{identities, append(slices.Clone(identities), "Connection: X-Remote-User, Authorization")} {
		for _, request := range []env.Request{
			get(who, path+"/pods", lines...), get(who, path+"/secrets/tapped", lines...),
			ask(http.MethodPost, who, path+"/configmaps", `{"metadata":{"name":"tapped"}}`, lines...),
		} {
			if answer := cached(t, p.server, request); answer.Code != http.StatusForbidden && answer.Code != http.StatusUnauthorized {
				t.Errorf("%s %s: code %d, want 401 or 403", request.Method, request.Path, answer.Code)
			}
		}
	}
	seen := tap.Seen(path)
	if len(seen) < 4 {
		t.Errorf("%d requests came through, want the proxied ones at least", len(seen))
	}
	for _, request := range seen {
		for name := range request.Header {
			folded := strings.ToLower(strings.ReplaceAll(name, "_", "-"))
			for _, line := range identities {
				if forbidden, _, _ := strings.Cut(strings.ToLower(strings.ReplaceAll(line, "_", "-")), ":"); folded == forbidden {
					t.Errorf("%s %s arrived with %s", request.Method, request.Path, name)
				}
			}
		}
	}
}

// TestThreat28_HopByHopHeadersStay sends headers that are for the next hop only.
func TestThreat28_HopByHopHeadersStay(t *testing.T) {
	tap, p := tapped(t)
	lines := []string{
		"Connection: X-Secret, close", "X-Secret: 1", "Keep-Alive: timeout=5", "Te: trailers", "Trailer: X-Later", "Proxy-Connection: close",
		"Proxy-Authenticate: x", "Proxy-Authorization: x",
	}
	cached(t, p.server, get(p.cluster.Admin, "/api/v1/namespaces/"+p.cluster.Namespace("a")+"/secrets", lines...))
	for _, request := range tap.Seen("/api/v1/namespaces/" + p.cluster.Namespace("a")) {
		for _, name := range []string{"X-Secret", "Keep-Alive", "Te", "Trailer", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization"} {
			if values := request.Header.Values(name); len(values) > 0 {
				t.Errorf("%s arrived: %q", name, values)
			}
		}
	}
}

// TestThreat29_CredentialsNeverMix checks every request that k8cache sent: its own with its own certificate and no caller's
// token, a caller's with the caller's token and no certificate.
func TestThreat29_CredentialsNeverMix(t *testing.T) {
	tap, p := tapped(t)
	who := user(t, p.cluster)
	ns := "/api/v1/namespaces/" + p.cluster.Namespace("a")
	for _, caller := range []string{"", who.Token, p.cluster.Admin.Token} {
		for _, request := range []env.Request{
			{Path: "/api/v1/pods"},
			{Path: ns + "/secrets"},
			{Path: "/version"},
			{Path: ns + "/pods?watch=1&timeoutSeconds=1"},
			{Method: http.MethodPost, Path: ns + "/configmaps?dryRun=All", Body: `{"metadata":{"name":"x"}}`},
			{Path: "/api/v1/nodes/absent/proxy/"},
		} {
			request.Token = caller
			cached(t, p.server, request)
		}
	}
	callers := map[string]bool{"": true, "Bearer " + who.Token: true, "Bearer " + p.cluster.Admin.Token: true}
	own, passed := 0, 0
	for _, request := range tap.Seen("/") {
		authorization := request.Header.Get("Authorization")
		switch {
		case request.Service && authorization != "":
			t.Errorf("%s %s: k8cache's certificate and a token in one request", request.Method, request.Path)
		case request.Service:
			own++
		case !callers[authorization]:
			t.Errorf("%s %s: a token that nobody sent", request.Method, request.Path)
		default:
			passed++
		}
	}
	if own == 0 || passed < 12 {
		t.Errorf("saw %d requests of its own and %d of callers", own, passed)
	}
}

// TestThreat21_CookiesAreNobodys sets a cookie upstream: it goes to its own caller, and a caller's own is no credential.
func TestThreat21_CookiesAreNobodys(t *testing.T) {
	tap, p := tapped(t)
	path := "/api/v1/namespaces/" + p.cluster.Namespace("a") + "/secrets/credentials"
	tap.Rule(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == path && r.Header.Get("Authorization") == "Bearer "+p.cluster.Admin.Token {
				w.Header().Set("Set-Cookie", "session=admin")
			}
			next.ServeHTTP(w, r)
		})
	})
	if got := cached(t, p.server, get(p.cluster.Admin, path)).Header.Get("Set-Cookie"); got != "session=admin" {
		t.Errorf("the admin got cookie %q", got)
	}
	for _, request := range []env.Request{get(nil, path, "Cookie: session=admin"), get(nil, "/api/v1/pods", "Cookie: session=admin"), get(user(t, p.cluster), path)} {
		answer := cached(t, p.server, request)
		if answer.Header.Get("Set-Cookie") != "" || answer.Code < 400 {
			t.Errorf("%s: code %d, cookie %q", request.Path, answer.Code, answer.Header.Get("Set-Cookie"))
		}
	}
}

// TestThreat25_RedirectsAreNotFollowed passes them on to the caller instead, and takes no list from elsewhere.
func TestThreat25_RedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	tap, p := tapped(t)
	elsewhere := newTap(t)
	target := elsewhere.Context("x").Config.Host + "/elsewhere"
	for _, code := range []int{http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		tap.Rule(func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.Contains(r.URL.Path, "/secrets") || strings.Contains(r.URL.Path, "/limitranges") {
					http.Redirect(w, r, target, code)
					return
				}
				next.ServeHTTP(w, r)
			})
		})
		answer := cached(t, p.server, get(p.cluster.Admin, "/api/v1/secrets"))
		if answer.Code != code || answer.Header.Get("Location") != target {
			t.Errorf("code %d to %q, want %d to %q", answer.Code, answer.Header.Get("Location"), code, target)
		}
		cached(t, p.server, ask(http.MethodPost, p.cluster.Admin, "/api/v1/namespaces/x/secrets", `{}`))
		// A collection that k8cache cannot fill: the caller does not wait for the end of that.
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		_, _ = p.server.Ask(ctx, get(p.cluster.Admin, "/api/v1/limitranges"))
		cancel()
	}
	for _, seen := range elsewhere.Seen("/") {
		if seen.Header.Get("Authorization") != "" || seen.Service {
			t.Errorf("%s %s went elsewhere with credentials", seen.Method, seen.Path)
		}
	}
}
