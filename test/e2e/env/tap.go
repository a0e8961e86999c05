package env

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"time"

	"k8s.io/client-go/rest"

	"github.com/k8cache/k8cache/hack/testenv"
)

// Tap stands between a k8cache and an API server. It sees each request that k8cache sends, and may be told to do something
// else than pass it on. It knows k8cache itself by a client certificate, and makes the cluster's admin of it.
type Tap struct {
	server  *httptest.Server
	service *rest.Config

	mu     sync.Mutex
	behind behind
	seen   []Seen
	rule   func(next http.Handler) http.Handler
}

// behind is the cluster that a Tap stands before.
type behind struct {
	cluster *Cluster
	url     *url.URL
	onward  *http.Transport
}

func newBehind(cluster *Cluster) (behind, error) {
	target, err := url.Parse(cluster.URL)
	return behind{cluster, target, &http.Transport{TLSClientConfig: cluster.tls.Clone(), DisableCompression: true}}, err
}

// Seen is a request that went through a Tap.
type Seen struct {
	Method, Path, Query string
	Header              http.Header
	// Service says that it came with k8cache's own certificate.
	Service bool
}

// NewTap starts a tap before a cluster. Close ends it.
func NewTap(cluster *Cluster) (*Tap, error) {
	certificate, key, err := selfSigned()
	if err != nil {
		return nil, err
	}
	t := &Tap{rule: func(next http.Handler) http.Handler { return next }}
	if t.behind, err = newBehind(cluster); err != nil {
		return nil, err
	}
	t.server = httptest.NewUnstartedServer(http.HandlerFunc(t.pass))
	t.server.EnableHTTP2 = true // as API servers
	t.server.TLS = &tls.Config{ClientAuth: tls.RequestClientCert, MinVersion: tls.VersionTLS12}
	t.server.Config.ErrorLog = nil
	t.server.StartTLS()
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: t.server.Certificate().Raw})
	t.service = &rest.Config{Host: t.server.URL, TLSClientConfig: rest.TLSClientConfig{CAData: authority, CertData: certificate, KeyData: key}}
	return t, nil
}

// Context is k8cache's way to the cluster through the tap.
func (t *Tap) Context(name string) testenv.Context {
	return testenv.Context{Name: name, Config: rest.CopyConfig(t.service)}
}

func (t *Tap) pass(w http.ResponseWriter, r *http.Request) {
	t.mu.Lock()
	t.seen = append(t.seen, Seen{
		Method: r.Method, Path: r.URL.EscapedPath(), Query: r.URL.RawQuery, Header: r.Header.Clone(), Service: fromService(r),
	})
	rule, behind := t.rule, t.behind
	t.mu.Unlock()
	rule(&httputil.ReverseProxy{
		Rewrite:       behind.rewrite,
		Transport:     behind.onward,
		FlushInterval: -1,
		ErrorHandler:  func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}).ServeHTTP(w, r)
}

func fromService(r *http.Request) bool { return r.TLS != nil && len(r.TLS.PeerCertificates) > 0 }

func (b behind) rewrite(r *httputil.ProxyRequest) {
	r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = b.url.Scheme, b.url.Host, b.url.Host
	r.Out.URL.RawQuery = r.In.URL.RawQuery
	if fromService(r.In) {
		r.Out.Header.Set("Authorization", "Bearer "+b.cluster.Admin.Token)
	}
}

// Replace puts another cluster in the place of the one behind the tap, and drops every connection.
func (t *Tap) Replace(cluster *Cluster) error {
	next, err := newBehind(cluster)
	if err != nil {
		return err
	}
	t.mu.Lock()
	old := t.behind
	t.behind = next
	t.mu.Unlock()
	t.Cut()
	old.onward.CloseIdleConnections()
	return nil
}

// Rule wraps what passes requests on, from now on. Nil passes everything on.
func (t *Tap) Rule(rule func(next http.Handler) http.Handler) {
	if rule == nil {
		rule = func(next http.Handler) http.Handler { return next }
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rule = rule
}

// Cut drops every connection, watches included, as an API server that dies.
func (t *Tap) Cut() { t.server.CloseClientConnections() }

// Seen returns the requests with a path that begins so.
func (t *Tap) Seen(prefix string) []Seen {
	t.mu.Lock()
	defer t.mu.Unlock()
	var found []Seen
	for _, seen := range t.seen {
		if strings.HasPrefix(seen.Path, prefix) {
			found = append(found, seen)
		}
	}
	return found
}

// Close ends the tap.
func (t *Tap) Close() {
	t.server.CloseClientConnections()
	t.server.Close()
	t.behind.onward.CloseIdleConnections()
}

// Down is a rule under which nothing is answered.
func Down(http.Handler) http.Handler {
	return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
}

// Hold is a rule that keeps requests of a path prefix until the context ends.
func Hold(ctx context.Context, prefix string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, prefix) {
				select {
				case <-ctx.Done():
				case <-r.Context().Done():
					return
				}
			}
			next.ServeHTTP(w, r)
		})
	}
}

// selfSigned makes the certificate that only the tap takes for something.
func selfSigned() (certificate, key []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(24 * time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		return nil, nil, err
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded}), nil
}
