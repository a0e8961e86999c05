package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"strings"

	"go.uber.org/zap"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

// Proxy passes requests on to one API server. Its transports are apart from those of informers and reviews: by
// default they carry no identity at all, so that a caller who sends no credentials arrives as nobody, and not as
// k8cache.
type Proxy struct {
	base      *url.URL
	plain     http.RoundTripper
	upgrade   http.RoundTripper // HTTP/1.1 alone: HTTP/2 knows no Upgrade
	asService bool
	handler   httputil.ReverseProxy
}

// NewProxy makes a proxy to the config's API server. The config's credentials are used only with asService, where
// every caller acts as the config's user; the callers' own are dropped then.
func NewProxy(config *rest.Config, asService bool, log *zap.Logger) (*Proxy, error) {
	base, _, err := rest.DefaultServerUrlFor(config)
	if err != nil {
		return nil, err
	}
	if !asService {
		config = rest.AnonymousClientConfig(config)
	}
	// What a client did not ask to be compressed must not come compressed, nor be unpacked here.
	config = rest.CopyConfig(config)
	config.DisableCompression = true
	plain, err := rest.TransportFor(config)
	if err != nil {
		return nil, err
	}
	config = rest.CopyConfig(config)
	config.NextProtos = []string{"http/1.1"}
	upgrade, err := rest.TransportFor(config)
	if err != nil {
		return nil, err
	}
	p := &Proxy{base: base, plain: plain, upgrade: upgrade, asService: asService}
	p.handler = httputil.ReverseProxy{
		Rewrite:        p.rewrite,
		Transport:      p,
		FlushInterval:  -1, // watches and logs
		ErrorLog:       zap.NewStdLog(log),
		ErrorHandler:   upstreamFailed,
		ModifyResponse: p.answered,
	}
	return p, nil
}

// ServeHTTP passes a request on, whose URL is the API server's.
func (p *Proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.handler.ServeHTTP(w, r) }

// RoundTrip sends a request once. Redirects are not followed: they are the client's to judge.
func (p *Proxy) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Header.Get("Upgrade") != "" {
		return p.upgrade.RoundTrip(r)
	}
	return p.plain.RoundTrip(r)
}

// rewrite sends the path and the query on as they came, and of the headers only those that mean something to an API
// server.
func (p *Proxy) rewrite(pr *httputil.ProxyRequest) {
	out := pr.Out
	out.URL.Scheme, out.URL.Host, out.Host = p.base.Scheme, p.base.Host, ""
	escaped := strings.TrimSuffix(p.base.EscapedPath(), "/") + pr.In.URL.EscapedPath()
	if unescaped, err := url.PathUnescape(escaped); err == nil {
		out.URL.Path, out.URL.RawPath = unescaped, escaped
	}
	out.URL.RawQuery = pr.In.URL.RawQuery // ReverseProxy drops what Go cannot parse; the API server decides that
	dropIdentity(out.Header)
	if !isApplication(pr.In.URL.Path) {
		keepKnown(out.Header)
	}
	if p.asService {
		out.Header.Del("Authorization")
	}
}

// isApplication says whether a path leads through the API server to a program of the cluster's own, whose headers
// nobody here can know.
func isApplication(path string) bool {
	return strings.Contains(path, "/proxy/") || strings.HasSuffix(path, "/proxy")
}

// answered looks at an answer before it goes to the client.
func (p *Proxy) answered(answer *http.Response) error {
	if p.asService && isApplication(answer.Request.URL.Path) {
		confine(answer.Header)
	}
	if writing, ok := answer.Request.Context().Value(writtenKey).(*written); ok {
		return writing.await(answer)
	}
	return nil
}

// confine keeps an application's page from using the listener that it came through, where every page of that origin acts
// as the kubeconfig's user: it gets an origin of its own.
func confine(header http.Header) {
	header.Set("Content-Security-Policy", "sandbox allow-scripts allow-forms")
	header.Del("Service-Worker-Allowed")
}

// keepKnown drops what is neither on the list nor by its prefix a header of Kubernetes or WebSocket.
func keepKnown(header http.Header) {
	for name := range header {
		switch name {
		case "Accept", "Accept-Encoding", "Accept-Language", "Audit-Id", "Authorization", "Cache-Control", "Connection",
			"Content-Encoding", "Content-Type", "If-Match", "If-Modified-Since", "If-None-Match", "Origin", "Range",
			"Upgrade", "User-Agent", "Traceparent", "Tracestate",
			"X-Stream-Protocol-Version":
			continue
		}
		if strings.HasPrefix(name, "Impersonate-") || strings.HasPrefix(name, "Sec-Websocket-") ||
			strings.HasPrefix(name, "Kubectl-") {
			continue
		}
		header.Del(name)
	}
}

// dropIdentity removes what could make an API server, or what stands before it, take the request for another's or from
// elsewhere; a front proxy's headers are gone by then (authn.Authenticator.Strip). Some servers read "_" as "-"
// (CVE-2025-64484), so both are removed.
func dropIdentity(header http.Header) {
	for name := range header {
		folded := strings.ReplaceAll(strings.ToLower(name), "_", "-")
		if strings.HasPrefix(folded, "x-forwarded-") ||
			folded == "forwarded" || folded == "x-real-ip" ||
			strings.HasPrefix(folded, "impersonate-") && strings.Contains(name, "_") {
			delete(header, name)
		}
	}
}

// upstreamFailed answers for an API server that did not.
func upstreamFailed(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) {
		panic(http.ErrAbortHandler) // the client is gone
	}
	writeStatus(w, r, metav1.Status{
		Status: metav1.StatusFailure, Code: http.StatusBadGateway, Reason: metav1.StatusReasonServiceUnavailable,
		Message: fmt.Sprintf("the API server of cluster %q cannot be reached", recordOf(r.Context()).cluster),
		Details: &metav1.StatusDetails{RetryAfterSeconds: retrySeconds},
	})
}
