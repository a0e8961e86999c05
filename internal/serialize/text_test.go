package serialize_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"

	"github.com/k8cache/k8cache/internal/serialize"
	"github.com/k8cache/k8cache/internal/serialize/sample"
)

// A list in YAML is spliced from its items, and reads as the whole list converted at once: long lines break at the same
// places.
func TestYAMLIsThePlainListConverted(t *testing.T) {
	count := int64(7)
	for _, custom := range []bool{false, true} {
		for _, sizes := range [][]int{{}, {1}, {3}, {2, 1, 4}} {
			list := serialize.List{
				Kind:            serialize.Kind{APIVersion: "v1", Kind: "Pod", ListKind: "PodList", Custom: custom},
				ResourceVersion: "12", Continue: "c", RemainingItemCount: &count, Parts: slices.Values(prettyParts(t, sizes)),
			}
			sameAsConverted(t, list)
		}
	}
	var pods []serialize.Object
	for i := range 3 {
		o, err := serialize.Parse(sample.NewPods().Raw(i, 1))
		if err != nil {
			t.Fatal(err)
		}
		pods = append(pods, o)
	}
	sameAsConverted(t, serialize.List{
		Kind: serialize.Kind{APIVersion: "v1", Kind: "Pod", ListKind: "PodList"}, ResourceVersion: "1",
		Parts: slices.Values([]serialize.Part{serialize.Items(pods[:1]), serialize.Items(pods[1:])}),
	})
}

func sameAsConverted(t *testing.T, list serialize.List) {
	t.Helper()
	var plain, got bytes.Buffer
	emit(t, list.WriteTo, &plain)
	want, err := yaml.JSONToYAML(plain.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	inYAML := list.As(list.Kind, serialize.YAML)
	if err := inYAML.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	emit(t, inYAML.WriteTo, &got)
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Error(diff)
	}
	if inYAML.Size() != int64(got.Len()) {
		t.Errorf("size %d of %d", inYAML.Size(), got.Len())
	}
}

// What cannot be said in YAML fails before anything is written.
func TestYAMLHasNoControlCharacters(t *testing.T) {
	o, err := serialize.Parse([]byte("{\"metadata\":{\"name\":\"a\",\"resourceVersion\":\"1\"},\"data\":\"\x7f\"}"))
	if err != nil {
		t.Fatal(err)
	}
	list := serialize.List{Parts: slices.Values([]serialize.Part{serialize.Items([]serialize.Object{o})})}
	if err := list.As(list.Kind, serialize.YAML).Make(t.Context()); err == nil {
		t.Error("a control character is written")
	}
	if err := list.As(list.Kind, serialize.Indented).Make(t.Context()); err != nil {
		t.Error(err)
	}
}
