package serialize_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/k8cache/k8cache/internal/serialize"
	"github.com/k8cache/k8cache/internal/serialize/sample"
)

// FuzzParse compares what Parse finds and cuts with what the standard library
// decodes.
func FuzzParse(f *testing.F) {
	f.Add(sample.NewPods().Raw(3, 4711))
	f.Add(sample.ConfigMap(3, 4711))
	f.Add([]byte(`{"kind":"W","apiVersion":"v1","metadata":{"managedFields":[],"name":"\u00e4","resourceVersion":"99"},"x":[1e5,-0.1,null]}`))
	f.Add([]byte(` {"apiVersion":"v1","kind":"W","metadata":{"managedFields":{},"resourceVersion":"9","name":"a"}}` + "\n"))
	f.Add([]byte(`{"kind":"W","apiVersion":"v1","metadata":{"resourceVersion":"9","name":"a","managedFields":1 , "x":{} } }`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		o, err := serialize.Parse(bytes.Clone(raw))
		if err != nil {
			return
		}
		want, _ := decode[map[string]any](t, raw)["metadata"].(map[string]any)
		namespace, _ := want["namespace"].(string)
		version := strconv.FormatUint(o.ResourceVersion(), 10)
		if want["name"] != o.Name() || namespace != o.Namespace() || want["resourceVersion"] != version {
			t.Errorf("found %q in %q at %s, decoded %v", o.Name(), o.Namespace(), version, want)
		}
		checkCut(t, raw, o)
		checkSurgery(t, o)
	})
}

// checkCut checks that the list form is the object, but for the type.
func checkCut(t *testing.T, raw []byte, o serialize.Object) {
	t.Helper()
	whole, cut := decode[map[string]any](t, raw), decode[map[string]any](t, o.Bytes())
	if cut["kind"] == nil && cut["apiVersion"] == nil && strings.HasPrefix(strings.TrimSpace(string(raw)), `{"kind"`) {
		delete(whole, "kind")
		delete(whole, "apiVersion")
	}
	if diff := cmp.Diff(whole, cut); diff != "" {
		t.Errorf("list form (-whole +cut):\n%s", diff)
	}
}

// checkSurgery checks what is cut out of an object and put into it.
func checkSurgery(t *testing.T, o serialize.Object) {
	t.Helper()
	slim := decode[map[string]any](t, o.Bytes())
	delete(slim["metadata"].(map[string]any), "managedFields")
	if diff := cmp.Diff(slim, decode[map[string]any](t, o.Slim().Bytes())); diff != "" {
		t.Errorf("without managedFields (-want +got):\n%s", diff)
	}
	moved := o.WithResourceVersion(12345)
	slim["metadata"].(map[string]any)["resourceVersion"] = "12345"
	if diff := cmp.Diff(slim, decode[map[string]any](t, moved.Slim().Bytes())); diff != "" {
		t.Errorf("at another version (-want +got):\n%s", diff)
	}
	delete(slim["metadata"].(map[string]any), "resourceVersion")
	for _, whole := range []serialize.Object{o, o.Slim(), moved} {
		bare := decode[map[string]any](t, whole.WithoutResourceVersion().Bytes())
		delete(bare["metadata"].(map[string]any), "managedFields")
		if diff := cmp.Diff(slim, bare); diff != "" {
			t.Errorf("without a version (-want +got):\n%s", diff)
		}
	}
	for _, made := range []serialize.Object{o, o.Slim(), moved, moved.Slim(), o.Slim().WithResourceVersion(1)} {
		again, err := serialize.Parse(bytes.Clone(made.Bytes()))
		if err != nil || !again.Same(made.Ref) || again.Size() != made.Size() {
			t.Errorf("parsed again: error %v, same: %t", err, again.Same(made.Ref))
		}
		if diff := cmp.Diff(string(made.Slim().Bytes()), string(again.Slim().Bytes())); diff != "" {
			t.Errorf("parsed again, without managedFields (-want +got):\n%s", diff)
		}
	}
}

// decode decodes what must be JSON.
func decode[T any](t *testing.T, raw []byte) T {
	t.Helper()
	var v T
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		t.Fatalf("accepted %q: %v", raw, err)
	}
	return v
}

// FuzzSplice writes lists of any parts and sizes, and reads them back.
func FuzzSplice(f *testing.F) {
	f.Add([]byte("abc"), []byte{1, 2, 0, 3}, uint16(5))
	f.Add([]byte(strings.Repeat("long and dull ", 9000)), []byte{40, 1}, uint16(0))
	f.Add([]byte{0, 255, 1, 128, '"', '\\'}, []byte{}, uint16(65535))
	f.Fuzz(func(t *testing.T, filler, sizes []byte, head uint16) {
		var parts []serialize.Part
		var items []string
		for i, size := range sizes[:min(len(sizes), 64)] {
			objects := make([]serialize.Object, size%16)
			for k := range objects {
				begin := (i*31 + k*17) % (len(filler) + 1)
				text, _ := json.Marshal(string(filler[begin:]))
				items = append(items, fmt.Sprintf(`{"metadata":{"name":"n%d-%d","resourceVersion":"1"},"data":%s}`, i, k, text))
				o, err := serialize.Parse([]byte(items[len(items)-1]))
				if err != nil {
					t.Fatal(err)
				}
				objects[k] = o
			}
			parts = append(parts, serialize.Items(objects))
		}
		kind := serialize.Kind{APIVersion: "v1", Kind: "X", ListKind: strings.Repeat("X", int(head)) + "List"}
		plain, zipped := written(t, serialize.List{Kind: kind, ResourceVersion: "1", Parts: slices.Values(parts)})
		want := `{"kind":"` + kind.ListKind + `","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[` + strings.Join(items, ",") + "]}\n"
		if diff := cmp.Diff(want, plain); diff != "" {
			t.Errorf("plain (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(want, zipped); diff != "" {
			t.Errorf("gzip (-want +got):\n%s", diff)
		}
	})
}
