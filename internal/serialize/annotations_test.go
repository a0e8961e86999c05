package serialize

import "testing"

func TestMetadataAloneHasNoAnnotationsOfConversions(t *testing.T) {
	const generation = `"deprecated.daemonset.template.generation":"1"`
	for name, test := range map[string]struct{ kind, annotations, want string }{
		"the only one":    {"DaemonSet", `,"annotations":{` + generation + `}`, ``},
		"among others":    {"DaemonSet", `,"annotations":{"a":"<",` + generation + `,"z":"1"}`, `,"annotations":{"a":"<","z":"1"}`},
		"in a value":      {"DaemonSet", `,"annotations":{"a":"deprecated.daemonset.template.generation"}`, `,"annotations":{"a":"deprecated.daemonset.template.generation"}`},
		"of another kind": {"StatefulSet", `,"annotations":{` + generation + `}`, `,"annotations":{` + generation + `}`},
		"none":            {"DaemonSet", ``, ``},
	} {
		kind := Kind{APIVersion: "apps/v1", Kind: test.kind, ListKind: test.kind + "List"}
		object, err := kind.Parse([]byte(`{"metadata":{"name":"x","resourceVersion":"1"` + test.annotations + `,"managedFields":[]},"spec":{}}`))
		if err != nil {
			t.Fatal(err)
		}
		want := `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"x","resourceVersion":"1"` + test.want + `,"managedFields":[]}}`
		if got := kind.MetadataAlone("v1").AppendObject(nil, object); string(got) != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}
