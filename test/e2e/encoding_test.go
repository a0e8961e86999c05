package e2e

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"testing"

	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

const manyPods = "/api/v1/pods" // more than 128 KiB, from where on API servers compress

// TestListCompressedIsTheAPIServersWhenUnpacked compares headers as they are and bodies unpacked: how a body is deflated
// is anyone's own affair.
func TestListCompressedIsTheAPIServersWhenUnpacked(t *testing.T) {
	cluster, server := east()
	for name, test := range map[string]struct {
		path, accept string
		packed       bool
	}{
		"large":                    {manyPods, "Accept-Encoding: gzip", true},
		"large, gzip among others": {manyPods, "Accept-Encoding: deflate, gzip", true},
		"large, with a quality":    {manyPods, "Accept-Encoding: gzip;q=0.5", false},
		"large, anything":          {manyPods, "Accept-Encoding: *", false},
		"large, upper case":        {manyPods, "Accept-Encoding: GZIP", false},
		"large, not asked for":     {manyPods, "Accept: application/json", false},
		"small":                    {"/api/v1/nodes", "Accept-Encoding: gzip", false},
	} {
		t.Run(name, func(t *testing.T) {
			got := cached(t, server, get(cluster.Admin, test.path, test.accept))
			check(t, test.path, validate.FromMemory(got.Header))
			want := direct(t, cluster, get(cluster.Admin, at(test.path, versionOf(t, unpacked(t, got))), test.accept))
			check(t, test.path, validate.SameHeaders(want.Header, got.Header))
			check(t, test.path, validate.SameBytes(unpacked(t, want), unpacked(t, got)))
			if packed := got.Header.Get("Content-Encoding") == "gzip"; packed != test.packed {
				t.Errorf("packed: %t, want %t", packed, test.packed)
			}
		})
	}
}

// TestListCompressedForPartOfIt unpacks what a caller of a few namespaces gets.
func TestListCompressedForPartOfIt(t *testing.T) {
	cluster, server := east()
	who := user(t, cluster)
	var parts []*validate.List
	for _, name := range env.Samples()[:12] {
		grant(t, cluster, who, cluster.Namespace(name), listPods)
		parts = append(parts, list(t, direct(t, cluster, get(cluster.Admin, "/api/v1/namespaces/"+cluster.Namespace(name)+"/pods"))))
	}
	eventually(t, "the twelve namespaces", func() error {
		answer, err := server.Ask(t.Context(), get(who, manyPods, "Accept-Encoding: gzip"))
		if err != nil {
			return err
		}
		whole, err := listOf(&env.Answer{Code: answer.Code, Body: unpacked(t, answer)})
		if err != nil {
			return err
		}
		return validate.Union(whole, parts...)
	})
}

func unpacked(t *testing.T, answer *env.Answer) []byte {
	t.Helper()
	if answer.Header.Get("Content-Encoding") != "gzip" {
		return answer.Body
	}
	reader, err := gzip.NewReader(bytes.NewReader(answer.Body))
	must(t, err)
	reader.Multistream(false) // one member, as the API server sends
	body, err := io.ReadAll(reader)
	must(t, err)
	return body
}

// TestPrettyAsTheAPIServer prints for people whom the API server takes for people.
func TestPrettyAsTheAPIServer(t *testing.T) {
	p := eastPair()
	namespace := p.cluster.Namespace("a-b")
	pods, pod := "/api/v1/namespaces/"+namespace+"/pods", "/api/v1/namespaces/"+namespace+"/pods/web-000"
	widgets, absent := "/apis/e2e.k8cache.dev/v1/namespaces/"+namespace+"/widgets", "/api/v1/namespaces/"+namespace+"/pods/absent"
	for name, ask := range map[string]struct{ query, header string }{
		"curl":               {"", "User-Agent: curl/8.5.0"},
		"Wget":               {"", "User-Agent: Wget/1.21"},
		"browser":            {"", "User-Agent: Mozilla/5.0 (X11; Linux x86_64)"},
		"curl, not pretty":   {"?pretty=false", "User-Agent: curl/8.5.0"},
		"pretty":             {"?pretty=true", ""},
		"pretty, one letter": {"?pretty=t", ""},
		"pretty, nonsense":   {"?pretty=nonsense", ""},
		"pretty by Accept":   {"", "Accept: application/json;pretty=1"},
		"no agent":           {"", "User-Agent: "},
	} {
		t.Run(name, func(t *testing.T) {
			var lines []string
			if ask.header != "" {
				lines = append(lines, ask.header)
			}
			p.sameList(t, p.cluster.Admin, pods+ask.query, lines...)
			p.sameList(t, p.cluster.Admin, widgets+ask.query, lines...)
			p.same(t, get(p.cluster.Admin, pod+ask.query, lines...))
			p.same(t, get(p.cluster.Admin, absent+ask.query, lines...))
		})
	}
}

// TestOtherRepresentations are the API server's: from memory or not, the answer must be the same.
func TestOtherRepresentations(t *testing.T) {
	p := eastPair()
	namespace := p.cluster.Namespace("b")
	for _, accept := range []string{
		"*/*", "application/json", "application/json;charset=utf-8", "text/html,*/*;q=0.8", "application/yaml",
		"application/vnd.kubernetes.protobuf", "application/vnd.kubernetes.protobuf,application/json", "text/html",
		"application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1",
		"application/json;as=Nonsense;g=meta.k8s.io;v=v1", "application/json;as=Nonsense;g=meta.k8s.io;v=v1,application/json",
		"application/*", "APPLICATION/JSON", "application/cbor", "",
	} {
		for _, path := range []string{"/configmaps", "/configmaps/settings"} {
			t.Run(accept+path, func(t *testing.T) {
				request := get(p.cluster.Admin, "/api/v1/namespaces/"+namespace+path, "Accept: "+accept)
				want, got := direct(t, p.cluster, request), cached(t, p.server, request)
				if got.Code != want.Code || got.Header.Get("Content-Type") != want.Header.Get("Content-Type") {
					t.Errorf("got %d of %q, the API server says %d of %q", got.Code, got.Header.Get("Content-Type"), want.Code, want.Header.Get("Content-Type"))
				}
				if path != "/configmaps" || want.Code != http.StatusOK { // lists may be at different versions
					check(t, accept, validate.SameBytes(want.Body, got.Body))
				}
			})
		}
	}
}
