package e2e

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// TestFormsOfAPart gives who may see three namespaces their part in each form: item by item what the API server gives them
// there, namespace by namespace.
func TestFormsOfAPart(t *testing.T) {
	p := eastPair()
	who := readerOfThree(t, p)
	for _, accept := range []string{
		"application/json", "application/json;pretty=1", "application/yaml", "application/json" + listMetadata,
		"application/json" + listMetadata + "beta1", "application/yaml" + listMetadata,
	} {
		for _, encoding := range []string{"", "gzip"} {
			lines := []string{"Accept: " + accept, "Accept-Encoding: " + encoding}
			answer := cached(t, p.server, get(who, "/api/v1/pods", lines...))
			check(t, accept, validate.FromMemory(answer.Header))
			var parts []*validate.List
			var first *env.Answer
			for _, name := range three {
				first = direct(t, p.cluster, get(who, "/api/v1/namespaces/"+p.cluster.Namespace(name)+"/pods", lines...))
				parts = append(parts, list(t, inJSON(t, first)))
			}
			check(t, accept, validate.Union(list(t, inJSON(t, answer)), parts...))
			if got, want := answer.Header.Get("Content-Type"), first.Header.Get("Content-Type"); got != want {
				t.Errorf("%s: Content-Type %s, the API server's %s", accept, got, want)
			}
		}
	}
}

// inJSON is an answer in any notation, as compact JSON.
func inJSON(t *testing.T, answer *env.Answer) *env.Answer {
	t.Helper()
	body, err := yaml.YAMLToJSON(unpacked(t, answer))
	must(t, err)
	body = bytes.Replace(body, []byte(`"items":null`), []byte(`"items":[]`), 1)
	return &env.Answer{Code: answer.Code, Body: body}
}

// TestFormsOfAPartFallThrough gives who may see a part the first form that can be made for them, and the API server's
// refusal where there is none: it knows no lists of a part, in whatever form.
func TestFormsOfAPartFallThrough(t *testing.T) {
	p := eastPair()
	who := readerOfThree(t, p)
	protobuf := "application/vnd.kubernetes.protobuf"
	for accept, want := range map[string]string{
		protobuf + ",application/json":                                                   `"kind":"PodList"`,
		"application/cbor,application/yaml":                                              "kind: PodList",
		protobuf + listMetadata + ",application/json" + listMetadata:                     `"kind":"PartialObjectMetadataList"`,
		protobuf + listMetadata + ",application/yaml" + listMetadata + ",*/*":            "kind: PartialObjectMetadataList",
		protobuf + ",application/json" + oneMetadata + ",application/json" + ";pretty=1": `"kind": "PodList"`,
	} {
		answer := cached(t, p.server, get(who, "/api/v1/pods", "Accept: "+accept))
		if answer.Code != http.StatusOK || !strings.Contains(string(answer.Body), want) {
			t.Errorf("%s: code %d, without %s: %.200s", accept, answer.Code, want, answer.Body)
		}
		onlyOfThree(t, p.cluster, accept, answer)
	}
	for _, accept := range []string{
		protobuf, "application/cbor", "text/html", "APPLICATION/JSON", "application/json;stream=foo", "application/json" + oneMetadata,
		"application/json" + oneMetadata + ",application/json", // refused to who sees all, too
	} {
		if answer := p.same(t, get(who, "/api/v1/pods", "Accept: "+accept)); answer.Code != http.StatusForbidden {
			t.Errorf("%s: code %d, want 403", accept, answer.Code)
		}
	}
}
