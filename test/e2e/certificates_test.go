package e2e

import (
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// certified is a k8cache that knows users and front proxies by their certificates.
type certified struct {
	pair
	clients, proxies, strangers *env.Authority
	user, namespace             string // who may read config maps, and where
}

func startCertified(t *testing.T) certified {
	t.Helper()
	c := certified{user: unique("certified"), clients: authority(t, "clients"), proxies: authority(t, "proxies"), strangers: authority(t, "strangers")}
	front := start(t, []testenv.Context{shared.East.Context()}, testenv.ProcessOptions{Args: []string{
		"--client-ca-file=" + file(t, c.clients.PEM()), "--requestheader-client-ca-file=" + file(t, c.proxies.PEM()), "--requestheader-allowed-names=proxy",
	}})
	c.pair = pair{shared.East, front.Of(shared.East)}
	c.namespace = namespace(t, c.cluster)
	grant(t, c.cluster, &testenv.Identity{Name: c.user}, c.namespace, readConfigMaps)
	configMap(t, c.cluster, c.namespace, "seen", "x")
	return c
}

func authority(t *testing.T, name string) *env.Authority {
	t.Helper()
	a, err := env.NewAuthority(name)
	must(t, err)
	return a
}

// as is k8cache for who has a certificate.
func (c certified) as(t *testing.T, by *env.Authority, name string, change func(*x509.Certificate)) *env.Server {
	t.Helper()
	certificate, err := by.Issue(name, nil, change)
	must(t, err)
	server := c.server.As(certificate)
	t.Cleanup(server.Close)
	return server
}

// TestCertificatesAreCredentials has reads from memory for who is known by a certificate, and says why all else is refused.
func TestCertificatesAreCredentials(t *testing.T) {
	c := startCertified(t)
	server := c.as(t, c.clients, c.user, nil)
	knows(t, server, nil, "/api/v1/configmaps")
	answer := cached(t, server, get(nil, "/api/v1/configmaps"))
	check(t, "a list", validate.FromMemory(answer.Header))
	if !onlyIn(answer, c.namespace) {
		t.Errorf("not the user's part: %s", answer.Body)
	}
	ns := "/api/v1/namespaces/" + c.namespace
	if answer := cached(t, server, get(nil, ns+"/configmaps/seen")); answer.Code != http.StatusOK {
		t.Errorf("a get: code %d", answer.Code)
	}
	refused(t, "what they may not see", cached(t, server, get(nil, "/api/v1/pods")), http.StatusForbidden, "Forbidden")
	for _, request := range []env.Request{
		get(nil, ns+"/secrets"), get(nil, ns+"/configmaps", "Cache-Control: no-cache"), get(nil, "/version"),
		ask(http.MethodPost, nil, ns+"/configmaps", `{"metadata":{"name":"x"}}`),
		get(nil, ns+"/configmaps", "Impersonate-User: "+c.cluster.Admin.Name),
	} {
		answer := cached(t, server, request)
		refused(t, request.Path, answer, http.StatusForbidden, "Forbidden")
		if !strings.Contains(string(answer.Body), "certificate") {
			t.Errorf("%s %s: no word on why: %s", request.Method, request.Path, answer.Body)
		}
	}
}

// TestThreat19_CertificatesThatDoNotCount are nobody's, whatever headers come with them.
func TestThreat19_CertificatesThatDoNotCount(t *testing.T) {
	c := startCertified(t)
	knows(t, c.as(t, c.clients, c.user, nil), nil, "/api/v1/configmaps")
	says := "X-Remote-User: " + c.user
	for name, test := range map[string]struct {
		by     *env.Authority
		name   string
		change func(*x509.Certificate)
		lines  []string
	}{
		"expired":                   {c.clients, c.user, func(x *x509.Certificate) { x.NotAfter = time.Now().Add(-time.Second) }, nil},
		"not valid yet":             {c.clients, c.user, func(x *x509.Certificate) { x.NotBefore = time.Now().Add(time.Minute) }, nil},
		"another authority's":       {c.strangers, c.user, nil, nil},
		"a front proxy's as a user": {c.proxies, c.user, nil, nil},
		"for servers":               {c.clients, c.user, func(x *x509.Certificate) { x.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }, nil},
		"of nobody":                 {c.clients, "", nil, nil},
		"a proxy's of another name": {c.proxies, "other", nil, []string{says}},
		"a proxy's, expired":        {c.proxies, "proxy", func(x *x509.Certificate) { x.NotAfter = time.Now().Add(-time.Second) }, []string{says}},
		"a proxy's, for servers":    {c.proxies, "proxy", func(x *x509.Certificate) { x.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }, []string{says}},
		"named as the proxy":        {c.strangers, "proxy", nil, []string{says}},
		"proxy that names nobody":   {c.proxies, "proxy", nil, nil},
		"proxy that names masters":  {c.proxies, "proxy", nil, []string{says, "X-Remote-Group: system:masters"}},
		"proxy, header misspelt":    {c.proxies, "proxy", nil, []string{"X_Remote_User: " + c.user, "X-Remote_User: " + c.user}},
	} {
		t.Run(name, func(t *testing.T) {
			server := c.as(t, test.by, test.name, test.change)
			for _, path := range []string{"/api/v1/configmaps", "/api/v1/namespaces/" + c.namespace + "/configmaps/seen"} {
				refused(t, path, cached(t, server, get(nil, path, test.lines...)), http.StatusUnauthorized, "Unauthorized")
			}
		})
	}
	t.Run("a user who would be another", func(t *testing.T) {
		server := c.as(t, c.clients, unique("other"), nil)
		for _, line := range []string{says, "x-remote-user: " + c.user, "X-Remote-Group: system:masters", "X_Remote_User: " + c.user, "X-Remote-Extra-Scopes: all"} {
			refused(t, line, cached(t, server, get(nil, "/api/v1/configmaps", line)), http.StatusForbidden, "Forbidden")
		}
	})
}

// TestFrontProxiesNameUsers who get their own part, and more than one credential says nothing.
func TestFrontProxiesNameUsers(t *testing.T) {
	c := startCertified(t)
	proxy, client := c.as(t, c.proxies, "proxy", nil), c.as(t, c.clients, c.user, nil)
	knows(t, client, nil, "/api/v1/configmaps")
	says := "X-Remote-User: " + c.user
	if answer := cached(t, proxy, get(nil, "/api/v1/configmaps", says, "X-Remote-Group: x")); !onlyIn(answer, c.namespace) {
		t.Errorf("not the user's part: %s", answer.Body)
	}
	refused(t, "another user", cached(t, proxy, get(nil, "/api/v1/configmaps", says+"x")), http.StatusForbidden, "Forbidden")
	answer := cached(t, proxy, get(nil, "/api/v1/secrets", says))
	refused(t, "what would be passed on", answer, http.StatusForbidden, "Forbidden")
	if !strings.Contains(string(answer.Body), "front-proxy") && !strings.Contains(string(answer.Body), "front proxy") {
		t.Errorf("no word on why: %s", answer.Body)
	}
	admin := c.cluster.Admin
	refused(t, "certificate and token", cached(t, client, get(admin, "/api/v1/configmaps")), http.StatusBadRequest, "BadRequest")
	refused(t, "proxy's user and token", cached(t, proxy, get(admin, "/api/v1/configmaps", says)), http.StatusBadRequest, "BadRequest")
	refused(t, "two users", cached(t, proxy, get(nil, "/api/v1/configmaps", says, says+"x")), http.StatusBadRequest, "BadRequest")
	refused(t, "certificate and token, passed on", cached(t, client, get(admin, "/api/v1/secrets")), http.StatusBadRequest, "BadRequest")
	if answer := cached(t, proxy, get(admin, "/api/v1/configmaps")); answer.Code != http.StatusOK {
		t.Errorf("a token that a proxy passes on: code %d", answer.Code)
	}
}

// TestThreat38_ACertificateEndsOnALivingConnection asks over one connection until its certificate has run out.
func TestThreat38_ACertificateEndsOnALivingConnection(t *testing.T) {
	c := startCertified(t)
	knows(t, c.as(t, c.clients, c.user, nil), nil, "/api/v1/configmaps")
	server := c.as(t, c.clients, c.user, func(x *x509.Certificate) { x.NotAfter = time.Now().Add(4 * time.Second) })
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	defer cancel()
	conn, err := server.Dial(ctx)
	must(t, err)
	t.Cleanup(func() { check(t, "close", conn.Close()) })
	if code := askOver(t, conn, server); code != http.StatusOK {
		t.Fatalf("code %d at first", code)
	}
	eventually(t, "the certificate's end", func() error {
		if code := askOver(t, conn, server); code != http.StatusUnauthorized {
			return fmt.Errorf("code %d", code)
		}
		return nil
	})
}

func askOver(t *testing.T, conn *env.Conn, server *env.Server) int {
	t.Helper()
	base, err := url.Parse(server.URL)
	must(t, err)
	_, err = fmt.Fprintf(conn, "GET %s/api/v1/configmaps HTTP/1.1\r\nHost: %s\r\n\r\n", base.Path, base.Host)
	must(t, err)
	response, err := http.ReadResponse(conn.Reader, nil)
	must(t, err)
	defer response.Body.Close() //nolint:errcheck // read to its end
	_, err = io.Copy(io.Discard, response.Body)
	must(t, err)
	return response.StatusCode
}

// TestAuthoritiesMustNotOverlap refuses to start where a user's certificate could do for a front proxy's.
func TestAuthoritiesMustNotOverlap(t *testing.T) {
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	must(t, testenv.WriteKubeconfig(kubeconfig, shared.East.Context()))
	one, two := authority(t, "one"), authority(t, "two")
	for name, test := range map[string]struct{ clients, proxies, words string }{
		"the same":       {one.PEM(), one.PEM(), "in common"},
		"one of several": {one.PEM() + two.PEM(), two.PEM(), "in common"},
		"no certificate": {one.PEM(), "x", "requestheader-client-ca-file"},
	} {
		t.Run(name, func(t *testing.T) {
			fails(t, test.words, nil, "--kubeconfig="+kubeconfig, "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0", "--tls-self-signed",
				"--client-ca-file="+file(t, test.clients), "--requestheader-client-ca-file="+file(t, test.proxies), "--requestheader-allowed-names=proxy")
		})
	}
	t.Run("no names", func(t *testing.T) {
		fails(t, "requestheader-allowed-names", nil, "--kubeconfig="+kubeconfig, "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0", "--tls-self-signed",
			"--requestheader-client-ca-file="+file(t, one.PEM()))
	})
}
