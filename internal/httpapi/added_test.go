package httpapi

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestThreat18_AdditionsAreNeverPassedOn however the request is written, and other people's parameters are: programs behind
// the API server may know the same words.
func TestThreat18_AdditionsAreNeverPassedOn(t *testing.T) {
	for target, refused := range map[string]bool{
		"/api/v1/namespaces/a/pods?search=x":                      true,
		"/api/v1/namespaces/a/pods?search=&search=x":              true,
		"/api/v1/namespaces/a/pods?search=x;y":                    true,
		"/api/v1/namespaces/a/pods?search=%zz":                    true,
		"/api/v1/namespaces/a/pods?%73earch=x":                    true,
		"/api/v1/namespaces/a/pod%73?offset=1":                    true,
		"/api/v1/namespaces/a/pods/?fields=a":                     true,
		"/api/v1/namespaces/watch/pods/?fields=a":                 true,
		"/api/v1/watch/namespaces/a/pods?search=x":                true,
		"/apis/apps/v1/watch/deployments?search=x":                true,
		"/api/v1/namespaces/a%2fpods?search=x":                    true,
		"/api/v1/namespaces/b/../a/pods?search=x":                 true,
		"/api/v1/namespaces/a/pods?search=":                       false,
		"/api/v1/namespaces/a/pods?omitManagedFields=true":        false,
		"/api/v1/namespaces/a/pods?limit=1":                       false,
		"/api/v1/namespaces/a/services/x:80/proxy/?search=x":      false,
		"/api/v1/namespaces/watch/services/x:80/proxy/?search=x":  false,
		"/api/v1/namespaces/a/services/x:80/proxy/a%20b?search=x": false,
		"/api/v1/namespaces/a/pods/x/proxy?search=x":              false,
		"/openapi/v3/apis/apps/v1?search=x":                       false,
		"/version?search=x":                                       false,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodDelete, target, nil)
		named, _ := parsePath(r.URL.EscapedPath())
		if err := onlyHere(r, named); (err != nil) != refused {
			t.Errorf("%s: got %v", target, err)
		}
	}
}
