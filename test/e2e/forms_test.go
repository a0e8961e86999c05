package e2e

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"testing"

	"sigs.k8s.io/yaml"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// The parameters of Accept that ask for metadata alone.
const (
	oneMetadata  = ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
	listMetadata = ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
)

// wanted is a header Accept, and whether its list and its object are to come from memory for who sees all.
type wanted struct {
	accept    string
	list, one bool
}

var accepts = []wanted{
	{"", true, true},
	{"*/*", true, true},
	{"application/json", true, true},
	{"application/json;charset=utf-8", true, true},
	{"application/json;foo=bar;q=0", true, true},
	{"application/json;pretty=1", true, true},
	{"text/html,*/*;q=0.8", true, true},
	{"application/yaml", true, true},
	{"application/yaml;pretty=1", true, true},
	{"application/json;q=0.1,application/yaml", true, true},
	{"application/yaml;stream=watch,application/json", true, true},
	{"application/json;stream=watch", true, true},
	{"application/json;sv=v1", true, true},
	{"application/json" + listMetadata, true, false},
	{"application/json" + listMetadata + "beta1", true, false},
	{"application/yaml" + listMetadata, true, false},
	{"application/json;pretty=1" + listMetadata, true, false},
	{"*/*" + listMetadata, true, false},
	{"application/json" + oneMetadata, false, true},
	{"application/json" + oneMetadata + "beta1", false, true},
	{"application/yaml" + oneMetadata, false, true},
	{"application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v2,application/json", true, true},
	{"application/json;as=Nonsense;g=meta.k8s.io;v=v1,application/yaml", true, true},
	{"application/vnd.kubernetes.protobuf;as=Table;g=meta.k8s.io;v=v1,application/json" + listMetadata, true, false},
	{"application/json" + oneMetadata + ",application/json", false, true}, // accepted, and then refused, for a list
	{"application/json" + listMetadata + ",application/json", true, false},

	{"application/vnd.kubernetes.protobuf", false, false},
	{"application/vnd.kubernetes.protobuf" + oneMetadata, false, false},
	{"application/cbor", false, false},
	{"application/json;as=Nonsense;g=meta.k8s.io;v=v1", false, false},
	{"application/json;g=meta.k8s.io;v=v1", false, false},
	{"application/json;stream=foo", false, false},
	{"application/json;sv=1", false, false},
	{"text/html", false, false},
	{"APPLICATION/JSON", false, false},
	{"nonsense", false, false},
}

// TestFormsAreTheAPIServersByteForByte asks for lists and objects, of built-in and of custom resources, in every form.
func TestFormsAreTheAPIServersByteForByte(t *testing.T) {
	p := eastPair()
	owned(t, p.cluster)
	ns := "/namespaces/" + p.cluster.Namespace("a-b")
	custom := "/apis/e2e.k8cache.dev/v1" + ns + "/widgets"
	for _, read := range []struct {
		path string
		one  bool
	}{
		{"/api/v1" + ns + "/pods", false},
		{"/api/v1" + ns + "/pods?limit=3", false},
		{"/api/v1" + ns + "/pods?labelSelector=app", false},
		{"/api/v1/namespaces/absent/pods", false},
		{"/apis/apps/v1/deployments", false},
		{custom, false},
		{custom + "?limit=1", false},
		{"/apis/e2e.k8cache.dev/v1/namespaces/absent/widgets", false},
		{"/apis/e2e.k8cache.dev/v1beta1/gadgets", false},
		{"/api/v1" + ns + "/pods/web-000", true},
		{"/api/v1" + ns + "/pods/absent", true},
		{custom + "/widget", true},
		{custom + "/owned", true},
		{custom + "/absent", true},
	} {
		for _, form := range accepts {
			what := fmt.Sprintf("GET %s as %q", read.path, form.accept)
			var answer *env.Answer
			if read.one {
				answer = p.same(t, get(p.cluster.Admin, read.path, "Accept: "+form.accept))
			} else {
				answer = p.sameForm(t, p.cluster.Admin, read.path, "Accept: "+form.accept)
			}
			if read.one && form.one || !read.one && form.list {
				check(t, what, validate.FromMemory(answer.Header))
			} else {
				check(t, what, validate.FromServer(answer.Header))
			}
		}
	}
}

// TestFormsOfCustomResourcesAlone are those in which API servers take custom resources for something else.
func TestFormsOfCustomResourcesAlone(t *testing.T) {
	p := eastPair()
	for accept, memory := range map[string]bool{
		"application/*": true, "*": true, "application/vnd.kubernetes.protobuf,application/json": true,
		"application/vnd.kubernetes.protobuf": false,
	} {
		answer := p.sameForm(t, p.cluster.Admin, "/apis/e2e.k8cache.dev/v1/widgets", "Accept: "+accept)
		if memory {
			check(t, accept, validate.FromMemory(answer.Header))
		} else {
			check(t, accept, validate.FromServer(answer.Header))
		}
		p.sameForm(t, p.cluster.Admin, "/api/v1/nodes", "Accept: "+accept)
	}
}

// TestFormsCompressed compares lists that are large enough, pretty and not, in each form.
func TestFormsCompressed(t *testing.T) {
	p := eastPair()
	for _, accept := range []string{"application/json", "application/yaml", "application/json" + listMetadata, "application/yaml" + listMetadata} {
		for _, query := range []string{"", "?pretty=1"} {
			got := p.sameForm(t, p.cluster.Admin, manyPods+query, "Accept: "+accept, "Accept-Encoding: gzip")
			if got.Header.Get("Content-Encoding") != "gzip" {
				t.Errorf("%s%s: not compressed", accept, query)
			}
		}
	}
}

// TestFormsByEntityTag has a client ask again with the tag of one form: no other form is what it has.
func TestFormsByEntityTag(t *testing.T) {
	p := eastPair()
	path := "/api/v1/namespaces/" + p.cluster.Namespace("a-b") + "/pods"
	tags := map[string]string{}
	for _, accept := range []string{"application/json", "application/json;pretty=1", "application/yaml", "application/json" + listMetadata, "application/json" + listMetadata + "beta1", "application/yaml" + listMetadata} {
		answer := cached(t, p.server, get(p.cluster.Admin, path, "Accept: "+accept))
		tag := answer.Header.Get("ETag")
		if again := cached(t, p.server, get(p.cluster.Admin, path, "Accept: "+accept, "If-None-Match: "+tag)); again.Code != http.StatusNotModified {
			t.Errorf("%s asked again: code %d", accept, again.Code)
		}
		if other, ok := tags[tag]; ok || tag == "" {
			t.Errorf("%s has the tag %q of %s", accept, tag, other)
		}
		tags[tag] = accept
	}
}

// sameForm lists as k8cache.sameList does, in whatever form: it is compared at its own version, where it has one.
func (p pair) sameForm(t *testing.T, who *testenv.Identity, path string, lines ...string) *env.Answer {
	t.Helper()
	got := cached(t, p.server, get(who, path, lines...))
	fixed := path
	var body struct {
		Metadata struct{ ResourceVersion string }
	}
	if got.Code == http.StatusOK && yaml.Unmarshal(unpacked(t, got), &body) == nil {
		fixed = at(path, body.Metadata.ResourceVersion)
	}
	want := direct(t, p.cluster, get(who, fixed, lines...))
	what := fmt.Sprintf("GET %s %q", path, lines)
	if got.Code != want.Code {
		t.Errorf("%s: code %d, the API server's %d", what, got.Code, want.Code)
	}
	check(t, what, validate.SameHeaders(want.Header, got.Header))
	if body.Metadata.ResourceVersion == "" && got.Code == http.StatusOK {
		return got // in binary, or of another version
	}
	check(t, what, validate.SameBytes(unsealed(unpacked(t, want)), unsealed(unpacked(t, got))))
	return got
}

// token is where a page's token stands, in each notation.
var token = regexp.MustCompile(`("?continue"?: ?)"?[^",\n]+"?`)

// unsealed is a page without its token, which only its own server can read.
func unsealed(page []byte) []byte { return token.ReplaceAll(page, []byte("$1")) }

// owned makes a custom object with all that its metadata may have.
func owned(t *testing.T, cluster *env.Cluster) {
	t.Helper()
	namespace := cluster.Namespace("a-b")
	owner, other := configMap(t, cluster, namespace, unique("owner"), "x"), configMap(t, cluster, namespace, unique("owner"), "x")
	object(t, cluster, fmt.Sprintf(`
apiVersion: e2e.k8cache.dev/v1
kind: Widget
metadata:
  name: owned
  namespace: %s
  labels: {b: "1", a: "2"}
  annotations: {z: "<&>", a: "\u2028"}
  finalizers: [e2e.k8cache.dev/nobody]
  ownerReferences:
  - {apiVersion: v1, kind: ConfigMap, name: %s, uid: %s, blockOwnerDeletion: true, controller: true}
  - {apiVersion: v1, kind: ConfigMap, name: %s, uid: %s}
spec: {size: 1}
`, namespace, owner.GetName(), owner.GetUID(), other.GetName(), other.GetUID()))
	t.Cleanup(func() {
		patch := ask(http.MethodPatch, cluster.Admin, "/apis/e2e.k8cache.dev/v1/namespaces/"+namespace+"/widgets/owned", `{"metadata":{"finalizers":null}}`, "Content-Type: application/merge-patch+json")
		_, err := cluster.Ask(context.Background(), patch)
		check(t, "finalizers", err)
	})
}

// TestFormsOfRefusals compares errors that k8cache answers itself in the forms in which API servers write them.
func TestFormsOfRefusals(t *testing.T) {
	p := eastPair()
	nobody := user(t, p.cluster)
	for _, form := range accepts {
		for _, path := range []string{"/api/v1/pods", "/api/v1/namespaces/" + p.cluster.Namespace("a-b") + "/pods/web-000", "/apis/e2e.k8cache.dev/v1/widgets", "/api/v1/pods?watch=1"} {
			if answer := p.same(t, get(nobody, path, "Accept: "+form.accept)); answer.Code != http.StatusForbidden {
				t.Errorf("%s as %q: code %d, want 403", path, form.accept, answer.Code)
			}
		}
	}
}

// TestFormsThatCannotBeWritten has a control character in an object, which YAML has not: the API server fails, in YAML
// whatever it would say of other errors.
func TestFormsThatCannotBeWritten(t *testing.T) {
	p := eastPair()
	namespace := namespace(t, p.cluster)
	path := "/api/v1/namespaces/" + namespace + "/configmaps"
	object(t, p.cluster, `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"del","namespace":"`+namespace+`","annotations":{"a":"\u007f"}}}`)
	p.caughtUp(t, path)
	who := user(t, p.cluster)
	grant(t, p.cluster, who, namespace, readConfigMaps)
	for accept, one := range map[string]bool{
		"application/yaml": true, "application/yaml" + oneMetadata: true, "application/yaml" + listMetadata: false,
	} {
		whole := p.same(t, get(p.cluster.Admin, path+map[bool]string{true: "/del"}[one], "Accept: "+accept))
		if whole.Code != http.StatusInternalServerError {
			t.Errorf("%s: code %d", accept, whole.Code)
		}
		if one {
			continue
		}
		eventually(t, "the same for who sees a part", func() error {
			return validate.SameBytes(whole.Body, cached(t, p.server, get(who, "/api/v1/configmaps", "Accept: "+accept)).Body)
		})
	}
}
