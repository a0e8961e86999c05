package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TestThreat18_NoWayOfWritingADeletionLosesItsSearch writes a deletion of what a search finds in ways that an API server
// reads, and k8cache does not: the search would be lost on the way, and all be deleted.
func TestThreat18_NoWayOfWritingADeletionLosesItsSearch(t *testing.T) {
	p := eastPair()
	in := namespace(t, p.cluster)
	kept := "/api/v1/namespaces/" + in + "/configmaps/kept"
	for _, target := range []string{
		"/api/v1/namespaces/NS/configmap%73?search=nothing-like-it", "/api/v1/namespaces/NS/configmaps/?search=nothing-like-it",
		"/api/v1/namespaces/NS//configmaps?search=nothing-like-it", "//api/v1/namespaces/NS/configmaps?search=nothing-like-it",
		"/%61pi/v1/namespaces/NS/configmaps?search=nothing-like-it", "/api/v1/namespaces/NS/x/../configmaps?search=nothing-like-it",
		"/api/v1/namespaces/NS/configmaps?search=nothing;like=it", "/api/v1/namespaces/NS/configmaps?search=%zz",
		"/api/v1/namespaces/NS/configmaps?search=&search=nothing-like-it", "/api/v1/namespaces/NS/configmaps?%73earch=nothing-like-it",
		"/clusters/east/api/v1/namespaces/NS/configmap%73?search=nothing-like-it",
		"/api/v1/namespaces/NS/configmap%73?fieldSelector=data.value%3D2", "/api/v1/namespaces/NS/configmaps?fieldSelector=data.value%3D2",
	} {
		t.Run(target, func(t *testing.T) {
			if direct(t, p.cluster, get(p.cluster.Admin, kept)).Code != http.StatusOK {
				configMap(t, p.cluster, in, "kept", "1")
			}
			answer, err := p.server.AskRaw(t.Context(), fmt.Sprintf("DELETE {base}%s HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer %s\r\nConnection: close\r\n\r\n",
				strings.ReplaceAll(target, "NS", in), p.cluster.Admin.Token))
			must(t, err)
			if now := direct(t, p.cluster, get(p.cluster.Admin, kept)); now.Code != http.StatusOK {
				t.Errorf("code %d, and the config map is gone: %s", answer.Code, cut(string(answer.Body)))
			}
		})
	}
}
