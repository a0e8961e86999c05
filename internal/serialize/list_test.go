package serialize_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/k8cache/k8cache/internal/serialize"
)

// pods are n small objects.
func pods(t testing.TB, n int) []serialize.Object {
	t.Helper()
	objects := make([]serialize.Object, n)
	for i := range objects {
		raw := fmt.Sprintf(`{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p%d","namespace":"a","resourceVersion":"%d"}}`, i, i+1)
		o, err := serialize.Parse([]byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		objects[i] = o
	}
	return objects
}

func TestListIsWrittenAsTheAPIServerDoes(t *testing.T) {
	pod := serialize.Kind{APIVersion: "v1", Kind: "Pod", ListKind: "PodList"}
	widget := serialize.Kind{APIVersion: "ex.io/v1", Kind: "Widget", ListKind: "WidgetList", Custom: true}
	remaining := int64(5)
	objects := pods(t, 3)
	parts := []serialize.Part{serialize.Items(objects[:2]), serialize.Items(nil), serialize.Items(objects[2:])}
	items := `{"metadata":{"name":"p0","namespace":"a","resourceVersion":"1"}},` +
		`{"metadata":{"name":"p1","namespace":"a","resourceVersion":"2"}},` +
		`{"metadata":{"name":"p2","namespace":"a","resourceVersion":"3"}}`
	tests := map[string]struct {
		list serialize.List
		want string
	}{
		"built-in, empty": {
			list: serialize.List{Kind: pod, ResourceVersion: "383"},
			want: `{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"383"},"items":[]}` + "\n",
		},
		"built-in, first page": {
			list: serialize.List{Kind: pod, ResourceVersion: "7", Continue: "abc", RemainingItemCount: &remaining, Parts: slices.Values(parts)},
			want: `{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7","continue":"abc","remainingItemCount":5},"items":[` + items + "]}\n",
		},
		"custom, empty": {
			list: serialize.List{Kind: widget, ResourceVersion: "7", Parts: slices.Values(parts[1:2])},
			want: `{"apiVersion":"ex.io/v1","items":[],"kind":"WidgetList","metadata":{"continue":"","resourceVersion":"7"}}` + "\n",
		},
		"custom, first page": {
			list: serialize.List{Kind: widget, ResourceVersion: "7", Continue: "abc", RemainingItemCount: &remaining, Parts: slices.Values(parts)},
			want: `{"apiVersion":"ex.io/v1","items":[` + items + `],"kind":"WidgetList","metadata":{"continue":"abc","remainingItemCount":5,"resourceVersion":"7"}}` + "\n",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			plain, zipped := written(t, test.list)
			if diff := cmp.Diff(test.want, plain); diff != "" {
				t.Errorf("plain (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.want, zipped); diff != "" {
				t.Errorf("gzip (-want +got):\n%s", diff)
			}
		})
	}
}

// written is the list as it is written, plain and gzip, the latter unpacked by
// the standard library. The sizes announced must be those written.
func written(t testing.TB, l serialize.List) (plain, zipped string) {
	t.Helper()
	var out bytes.Buffer
	n, err := l.WriteTo(&out)
	if err != nil || n != l.Size() || n != int64(out.Len()) {
		t.Fatalf("plain: wrote %d of %d bytes, said %d, error %v", out.Len(), l.Size(), n, err)
	}
	plain = out.String()
	out.Reset()
	n, err = l.WriteGzipTo(&out)
	if err != nil || n != l.GzipSize() || n != int64(out.Len()) {
		t.Fatalf("gzip: wrote %d of %d bytes, said %d, error %v", out.Len(), l.GzipSize(), n, err)
	}
	zr, err := gzip.NewReader(&out)
	if err != nil {
		t.Fatal(err)
	}
	zr.Multistream(false)
	b, err := io.ReadAll(zr)
	if err != nil {
		t.Fatal(err)
	}
	if out.Len() != 0 {
		t.Fatalf("%d bytes after the gzip member", out.Len())
	}
	return plain, string(b)
}
