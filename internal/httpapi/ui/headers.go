package ui

import (
	"net/http"
	"strings"
)

// policy is the Content-Security-Policy: the page is its own files, talks to its own origin, and makes no markup out of
// strings (Trusted Types). The one policy named there wraps the address of the page's own worker.
func policy() string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self'",
		"connect-src 'self'",
		"worker-src 'self'",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-ancestors 'none'",
		"require-trusted-types-for 'script'",
		"trusted-types k8cache-worker",
	}, "; ")
}

// protected sets what every answer carries, errors included.
func protected(next http.Handler) http.Handler {
	headers := map[string]string{
		"Content-Security-Policy":      policy(),
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Referrer-Policy":              "no-referrer",
		"X-Content-Type-Options":       "nosniff",
		"X-Frame-Options":              "DENY",
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		next.ServeHTTP(w, r)
	})
}
