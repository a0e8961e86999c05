package httpapi

import (
	"net"
	"net/http"
	"net/url"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// localOnly guards a listener that asks for no credentials. A page of somebody else's in a browser on this machine
// must not use it: neither by a name of its own that resolves to loopback (DNS rebinding: the Host is checked), nor by
// sending requests across origins.
func localOnly(next http.Handler) http.Handler {
	crossOrigin := http.NewCrossOriginProtection()
	crossOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { refuseLocal(w, r, "another origin") }))
	guarded := crossOrigin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !isLoopback(r.Host):
			refuseLocal(w, r, "a host name that is not loopback")
		case r.Header.Get("Service-Worker") != "":
			// One from an application behind .../proxy/ would stand before the explorer and the whole API.
			refuseLocal(w, r, "a service worker")
		case r.Header.Get("Upgrade") != "" && !sameOrigin(r):
			refuseLocal(w, r, "another origin")
		default:
			guarded.ServeHTTP(w, r)
		}
	})
}

func refuseLocal(w http.ResponseWriter, r *http.Request, from string) {
	err := apierrors.NewForbidden(schema.GroupResource{}, "", nil)
	err.ErrStatus.Message = "requests from " + from + " are refused: with --authentication=kubeconfig every caller acts as the kubeconfig's user"
	writeStatus(w, r, err.Status())
}

// isLoopback says whether a Host header names this machine's loopback.
func isLoopback(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(trimBrackets(host))
	return ip != nil && ip.IsLoopback()
}

func trimBrackets(host string) string {
	if len(host) > 2 && host[0] == '[' && host[len(host)-1] == ']' {
		return host[1 : len(host)-1]
	}
	return host
}

// sameOrigin says whether an upgrade, which browsers let any page ask for, comes from a page of this listener's own, or
// from no browser at all.
func sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host == r.Host
}
