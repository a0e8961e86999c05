package serialize_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/k8cache/k8cache/internal/serialize"
)

// A pretty list is the plain one, indented, whatever its parts and its envelope.
func TestPrettyIsThePlainListIndented(t *testing.T) {
	count := int64(7)
	for _, custom := range []bool{false, true} {
		for _, sizes := range [][]int{{}, {1}, {3}, {2, 1, 4}} {
			list := serialize.List{
				Kind:            serialize.Kind{APIVersion: "v1", Kind: "Pod", ListKind: "PodList", Custom: custom},
				ResourceVersion: "12", Continue: "c", RemainingItemCount: &count, Parts: slices.Values(prettyParts(t, sizes)),
			}
			var plain, want, got, packed bytes.Buffer
			emit(t, list.WriteTo, &plain)
			if err := json.Indent(&want, bytes.TrimSuffix(plain.Bytes(), []byte("\n")), "", "  "); err != nil {
				t.Fatal(err)
			}
			pretty := list.As(list.Kind, serialize.Indented)
			emit(t, pretty.WriteTo, &got)
			if diff := cmp.Diff(want.String(), got.String()); diff != "" {
				t.Errorf("custom %v, parts %v:\n%s", custom, sizes, diff)
			}
			if pretty.Size() != int64(got.Len()) {
				t.Errorf("size %d of %d", pretty.Size(), got.Len())
			}
			emit(t, pretty.WriteGzipTo, &packed)
			if pretty.GzipSize() != int64(packed.Len()) {
				t.Errorf("gzip size %d of %d", pretty.GzipSize(), packed.Len())
			}
			unpacked, err := gzip.NewReader(&packed)
			if err != nil {
				t.Fatal(err)
			}
			if body, err := io.ReadAll(unpacked); err != nil || !bytes.Equal(body, want.Bytes()) {
				t.Errorf("custom %v, parts %v: gzip reads back otherwise: %v", custom, sizes, err)
			}
		}
	}
}

func emit(t *testing.T, writeTo func(io.Writer) (int64, error), w io.Writer) {
	t.Helper()
	if _, err := writeTo(w); err != nil {
		t.Fatal(err)
	}
}

func prettyParts(t *testing.T, sizes []int) []serialize.Part {
	t.Helper()
	var parts []serialize.Part
	for p, size := range sizes {
		var objects []serialize.Object
		for i := range size {
			o, err := serialize.Parse(fmt.Appendf(nil, `{"metadata":{"name":"o%d-%d","resourceVersion":"1","labels":{}},"spec":{"list":[],"more":[1,{"a":null}]}}`, p, i))
			if err != nil {
				t.Fatal(err)
			}
			objects = append(objects, o)
		}
		parts = append(parts, serialize.Items(objects))
	}
	return parts
}
