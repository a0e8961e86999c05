package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"

	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// versioned defines a kind with one version.
func versioned(group, scope, version string) string {
	return strings.ReplaceAll(definition(group, "things", scope), "name: v1", "name: "+version)
}

// TestThreat39_KindsComeAndGo defines, reads, removes and defines anew, with another scope and version each time. Nothing of
// the one before may be left, and nothing of the one there is may be missing. Open watches end as the API server ends its
// own.
func TestThreat39_KindsComeAndGo(t *testing.T) {
	t.Parallel()
	p := eastPair()
	group, namespace := ownGroup(t, p.cluster), namespace(t, p.cluster)
	before := ""
	for i := range 4 {
		scope, version := []string{"Namespaced", "Cluster"}[i%2], fmt.Sprintf("v%d", 1+i/2)
		path := "/apis/" + group + "/" + version + "/things"
		defined := object(t, p.cluster, versioned(group, scope, version))
		appears(t, p, path)
		name := fmt.Sprintf("thing-%d", i)
		where := path
		if scope == "Namespaced" {
			where = "/apis/" + group + "/" + version + "/namespaces/" + namespace + "/things"
		}
		body := fmt.Sprintf(`{"apiVersion":"%s/%s","kind":"Thing","metadata":{"name":"%s"}}`, group, version, name)
		if answer := direct(t, p.cluster, ask(http.MethodPost, p.cluster.Admin, where, body, "Content-Type: application/json")); answer.Code != http.StatusCreated {
			t.Fatalf("%s: code %d: %s", name, answer.Code, answer.Body)
		}
		p.settles(t, path, name)
		if before != "" && before != path {
			p.same(t, get(p.cluster.Admin, before)) // 404
		}
		before = path
		query := path + "?watch=1&resourceVersion=" + versionOf(t, direct(t, p.cluster, get(p.cluster.Admin, path)).Body)
		want, got := p.watch(t, query)
		remove(t, p.cluster, defined)
		check(t, name, sameLines(want.rest(t), got.rest(t)))
		eventually(t, "the kind's end", func() error {
			direct, cached := direct(t, p.cluster, get(p.cluster.Admin, path)), cached(t, p.server, get(p.cluster.Admin, path))
			if direct.Code != http.StatusNotFound || cached.Code != http.StatusNotFound {
				return fmt.Errorf("code %d, the API server's %d", cached.Code, direct.Code)
			}
			return validate.SameBytes(direct.Body, cached.Body)
		})
	}
}

// rest reads events up to the end of the stream, which must be a clean one.
func (s *stream) rest(t *testing.T) []string {
	t.Helper()
	var events []string
	for {
		line, err := s.lines.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return events
		}
		if err != nil {
			t.Errorf("after %d events: %v", len(events), err)
			return events
		}
		events = append(events, line)
	}
}

// TestThreat39_DefinitionChanges gives a kind a field with a default, and then another version: objects read otherwise from
// then on, though nobody has written them.
func TestThreat39_DefinitionChanges(t *testing.T) {
	t.Parallel()
	p := eastPair()
	group, namespace := ownGroup(t, p.cluster), namespace(t, p.cluster)
	object(t, p.cluster, definition(group, "things", "Namespaced"))
	path := "/apis/" + group + "/v1/things"
	appears(t, p, path)
	object(t, p.cluster, fmt.Sprintf("{apiVersion: %s/v1, kind: Thing, metadata: {name: one, namespace: %s}, spec: {size: 1}}", group, namespace))
	p.settles(t, path, "one")
	change := func(patch string) {
		t.Helper()
		definitions := p.cluster.Dynamic.Resource(schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"})
		_, err := definitions.Patch(t.Context(), "things."+group, types.JSONPatchType, []byte(patch), metav1.PatchOptions{})
		must(t, err)
	}
	converges := func(path, text string) {
		t.Helper()
		eventually(t, text, func() error {
			want := direct(t, p.cluster, get(p.cluster.Admin, path))
			if !bytes.Contains(want.Body, []byte(text)) {
				return fmt.Errorf("the API server itself says %s", want.Body)
			}
			got := cached(t, p.server, get(p.cluster.Admin, path))
			return errors.Join(validate.FromMemory(got.Header), validate.SameBytes(items(want), items(got)))
		})
	}
	schemaPath := "/spec/versions/0/schema/openAPIV3Schema"
	change(`[{"op":"add","path":"` + schemaPath + `/properties","value":{"spec":{"type":"object","x-kubernetes-preserve-unknown-fields":true,
		"properties":{"color":{"type":"string","default":"red"}}}}}]`)
	converges(path, `"color":"red"`)
	change(`[{"op":"add","path":"/spec/versions/-","value":{"name":"v2","served":true,"storage":false,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}}]`)
	converges("/apis/"+group+"/v2/things", "one")
	change(`[{"op":"replace","path":"/spec/versions/0/served","value":false}]`)
	eventually(t, "the version's end", func() error {
		direct, cached := direct(t, p.cluster, get(p.cluster.Admin, path)), cached(t, p.server, get(p.cluster.Admin, path))
		if direct.Code != http.StatusNotFound || cached.Code != http.StatusNotFound {
			return fmt.Errorf("code %d, the API server's %d", cached.Code, direct.Code)
		}
		return nil
	})
	converges("/apis/"+group+"/v2/things", "one")
}

// items are a list's items as they stand, without its version.
func items(list *env.Answer) []byte {
	_, items, _ := bytes.Cut(list.Body, []byte(`"items":`))
	items, _, _ = bytes.Cut(items, []byte(`],"kind"`))
	return items
}

// TestThreat39_ConversionThatIsDownHurtsItsKindOnly has a webhook to convert a version that nobody answers.
func TestThreat39_ConversionThatIsDownHurtsItsKindOnly(t *testing.T) {
	t.Parallel()
	p := eastPair()
	group, namespace := ownGroup(t, p.cluster), namespace(t, p.cluster)
	text := strings.Replace(definition(group, "things", "Namespaced"), "versions: [", `conversion: {strategy: Webhook, webhook: {conversionReviewVersions: [v1],
		clientConfig: {url: "https://127.0.0.1:`+closedPort(t)+`/"}}}, versions: [{name: v2, served: true, storage: false, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}, `, 1)
	object(t, p.cluster, text)
	path := "/apis/" + group + "/v1/things"
	appears(t, p, path)
	object(t, p.cluster, fmt.Sprintf("{apiVersion: %s/v1, kind: Thing, metadata: {name: one, namespace: %s}}", group, namespace))
	p.settles(t, path, "one")
	check(t, "pods", validate.FromMemory(p.sameList(t, p.cluster.Admin, "/api/v1/pods").Header))
	broken := get(p.cluster.Admin, "/apis/"+group+"/v2/things")
	if answer := p.sameCode(t, broken); answer.Code != http.StatusInternalServerError {
		t.Errorf("code %d: %s", answer.Code, answer.Body)
	}
	p.sameCode(t, get(p.cluster.Admin, "/apis/"+group+"/v2/namespaces/"+namespace+"/things/one"))
	check(t, path, validate.FromMemory(p.sameList(t, p.cluster.Admin, path).Header))
}
