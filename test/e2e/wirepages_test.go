package e2e

import (
	"net/url"
	"testing"

	"github.com/k8cache/k8cache/test/e2e/env"
)

// TestWirePages walks through lists page by page: by one server, by the other, and from each to the other in the middle,
// for a token is the API server's to read wherever it was made. A list of one name across namespaces is not among them: it
// ends with the last of that name, where an API server gives one more page if other keys follow, and an empty one.
func TestWirePages(t *testing.T) {
	p := eastPair()
	ns := p.cluster.Namespace("a-b")
	d := &differential{pair: p}
	for _, path := range []string{
		"/api/v1/namespaces/" + ns + "/pods?limit=2", "/api/v1/namespaces/" + ns + "/pods?limit=7", "/api/v1/namespaces/" + ns + "/pods?limit=100", "/api/v1/pods?limit=30",
		"/api/v1/namespaces/" + ns + "/pods?limit=3&labelSelector=app%3Dweb", "/api/v1/pods?limit=3&labelSelector=app%3Dabsent",
		"/api/v1/namespaces/" + ns + "/pods?limit=1&fieldSelector=metadata.name%3Dweb-003",
		"/api/v1/pods?limit=2&fieldSelector=metadata.name!%3Dweb-003,status.phase%3DPending",
		"/apis/e2e.k8cache.dev/v1/widgets?limit=6", "/apis/rbac.authorization.k8s.io/v1/clusterroles?limit=20",
	} {
		t.Run(path, func(t *testing.T) {
			first := d.page(t, path, p.cluster.Server, p.server, "", "")
			for page := 2; first.direct != "" && page < 200; page++ {
				// Each server goes on from its own token, and from the other's.
				crossed := d.page(t, path, p.cluster.Server, p.server, first.cached, first.direct)
				if (crossed.direct == "") != (crossed.cached == "") {
					t.Fatalf("page %d with the other's token: one goes on and the other does not", page)
				}
				first = d.page(t, path, p.cluster.Server, p.server, first.direct, first.cached)
			}
			if first.direct != "" || first.cached != "" {
				t.Error("the list does not end")
			}
		})
	}
}

// next are the tokens by which two servers go on.
type next struct{ direct, cached string }

// page asks both for a page and compares.
func (d *differential) page(t *testing.T, path string, direct, cached *env.Server, directToken, cachedToken string) next {
	t.Helper()
	want, err := direct.Ask(t.Context(), get(d.cluster.Admin, withToken(path, directToken)))
	must(t, err)
	got, err := cached.Ask(t.Context(), get(d.cluster.Admin, withToken(path, cachedToken)))
	must(t, err)
	check(t, path, d.same(want, got))
	return next{envelopeOf(t, want).Metadata.Continue, envelopeOf(t, got).Metadata.Continue}
}

func withToken(path, token string) string {
	if token == "" {
		return path
	}
	return path + "&continue=" + url.QueryEscape(token)
}
