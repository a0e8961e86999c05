package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// TestThreat20_AmbiguousRequestsAreRefused writes requests that two servers in a row might cut apart differently, or that
// ask a server to be a proxy to anywhere. None may be a 200.
func TestThreat20_AmbiguousRequestsAreRefused(t *testing.T) {
	cluster, server := east()
	auth := "Host: {host}\r\nAuthorization: Bearer " + cluster.Admin.Token + "\r\n"
	smuggled := "GET {base}/api/v1/secrets HTTP/1.1\r\nHost: {host}\r\n\r\n"
	for name, text := range map[string]string{
		"two lengths":              "GET {base}/api/v1/pods HTTP/1.1\r\n" + auth + "Content-Length: 0\r\nContent-Length: 5\r\n\r\n",
		"length that is no number": "GET {base}/api/v1/pods HTTP/1.1\r\n" + auth + "Content-Length: +1\r\n\r\nx",
		"encoding by halves":       "POST {base}/api/v1/namespaces HTTP/1.1\r\n" + auth + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
		"encoding unheard of":      "POST {base}/api/v1/namespaces HTTP/1.1\r\n" + auth + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
		"space before the colon":   "GET {base}/api/v1/pods HTTP/1.1\r\n" + auth + "Content-Length : 5\r\n\r\nhello",
		"folded header":            "GET {base}/api/v1/pods HTTP/1.1\r\nHost: {host}\r\n Authorization: x\r\n\r\n",
		"no host":                  "GET {base}/api/v1/pods HTTP/1.1\r\nAuthorization: Bearer " + cluster.Admin.Token + "\r\n\r\n",
		"two hosts":                "GET {base}/api/v1/pods HTTP/1.1\r\nHost: a\r\n" + auth + "\r\n",
		"connect":                  "CONNECT 127.0.0.1:22 HTTP/1.1\r\n" + auth + "\r\n",
		"old protocol":             "GET {base}/api/v1/pods\r\n" + smuggled,
		"protocol unheard of":      "GET {base}/api/v1/pods HTTP/3.0\r\n" + auth + "\r\n",
		"method unheard of":        "SMUGGLE {base}/api/v1/pods HTTP/1.1\r\n" + auth + "\r\n",
		"method with a space":      "GET  {base}/api/v1/pods HTTP/1.1\r\n" + auth + "\r\n",
		"line feed in a header":    "GET {base}/api/v1/pods HTTP/1.1\r\n" + auth + "X: a\rb\r\n\r\n",
		"head of a megabyte":       "GET {base}/api/v1/pods HTTP/1.1\r\n" + auth + "X: " + strings.Repeat("a", 1<<20) + "\r\n\r\n",
		"http/2 without asking":    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			answer, err := server.AskRaw(t.Context(), text)
			if err == nil && answer.Code < 400 {
				t.Errorf("code %d: %s", answer.Code, cut(string(answer.Body)))
			}
		})
	}
}

// TestThreat20_AbsoluteFormLeadsNowhereElse is read as an API server reads it: by its path.
func TestThreat20_AbsoluteFormLeadsNowhereElse(t *testing.T) {
	p := eastPair()
	text := "GET http://127.0.0.1:22{base}/api/v1/nodes/absent HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAuthorization: Bearer " +
		p.cluster.Admin.Token + "\r\n\r\n"
	want, err := p.cluster.AskRaw(t.Context(), text)
	must(t, err)
	got, err := p.server.AskRaw(t.Context(), text)
	must(t, err)
	check(t, "absolute form", validate.SameBytes(want.Body, got.Body))
}

// TestThreat20_LengthAndEncodingTogether has a request whose two lengths differ. The encoding counts; what comes after is
// a request of its own, which has nothing of the first one's credentials.
func TestThreat20_LengthAndEncodingTogether(t *testing.T) {
	tap, p := tapped(t)
	after := "DELETE {base}/api/v1/namespaces/x/smuggled HTTP/1.1\r\nHost: {host}\r\n\r\n"
	_, err := p.server.AskRaw(t.Context(), "POST {base}/api/v1/namespaces/x/secrets HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer "+
		p.cluster.Admin.Token+"\r\nContent-Length: 106\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"+after)
	if err != nil {
		t.Log("refused:", err)
	}
	for _, seen := range tap.Seen("/api/v1/namespaces/x/smuggled") {
		if seen.Service || seen.Header.Get("Authorization") != "" {
			t.Error("a request within a request reached the API server with credentials that are not its own")
		}
	}
}

// TestThreat20_MethodsOtherThanGetAreProxied with what would override a method, and on paths that are cached.
func TestThreat20_MethodsOtherThanGetAreProxied(t *testing.T) {
	p := eastPair()
	path := "/api/v1/namespaces/" + p.cluster.Namespace("a-b") + "/pods"
	for _, method := range []string{http.MethodHead, http.MethodOptions, http.MethodTrace, http.MethodPut, "PROPFIND", "get"} {
		request := ask(method, p.cluster.Admin, path, "")
		want, got := direct(t, p.cluster, request), cached(t, p.server, request)
		if got.Code != want.Code && got.Code < 400 {
			t.Errorf("%s: code %d, the API server's %d", method, got.Code, want.Code)
		}
	}
	for _, line := range []string{"X-Http-Method-Override: DELETE", "X-Http-Method: DELETE", "X-Method-Override: DELETE"} {
		check(t, line, validate.FromMemory(p.sameList(t, p.cluster.Admin, path, line).Header))
		check(t, line, validate.FromMemory(p.sameList(t, p.cluster.Admin, path+"?_method=DELETE", line).Header))
	}
}

// TestThreat20_UpgradesOnCachedPathsGetPastNothing asks for other protocols where a list is cached, without credentials.
func TestThreat20_UpgradesOnCachedPathsGetPastNothing(t *testing.T) {
	p := eastPair()
	for _, upgrade := range []string{"h2c", "websocket", "SPDY/3.1", "tcp"} {
		lines := []string{"Connection: Upgrade, HTTP2-Settings", "Upgrade: " + upgrade, "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"}
		for _, request := range []env.Request{get(nil, "/api/v1/pods", lines...), get(user(t, p.cluster), "/api/v1/pods", lines...)} {
			if answer := cached(t, p.server, request); answer.Code < 400 {
				t.Errorf("%s: code %d", upgrade, answer.Code)
			}
		}
	}
}

// TestThreat22_NoCrossOriginAccess is given to browsers' pages.
func TestThreat22_NoCrossOriginAccess(t *testing.T) {
	cluster, server := east()
	for _, method := range []string{http.MethodGet, http.MethodOptions} {
		answer := cached(t, server, ask(method, cluster.Admin, "/api/v1/pods", "", "Origin: https://evil.example", "Access-Control-Request-Method: GET"))
		for name := range answer.Header {
			if strings.HasPrefix(name, "Access-Control-") {
				t.Errorf("%s: %s: %q", method, name, answer.Header[name])
			}
		}
	}
}
