package store_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// What a mirror does, and then what a handler does.
func Example() {
	packer := store.NewPacker(store.PackerOptions{}) // one a process; run packer.Run
	kind := serialize.Kind{APIVersion: "v1", Kind: "Pod", ListKind: "PodList"}
	pods := store.New(store.Options{Packer: packer})

	builder := pods.Builder()
	for _, item := range []string{
		`{"metadata":{"name":"x","namespace":"a","resourceVersion":"7"}}`,
		`{"metadata":{"name":"y","namespace":"b","resourceVersion":"9"}}`,
	} {
		pod, err := kind.Parse([]byte(item))
		if err != nil || builder.Add(pod) != nil {
			return
		}
	}
	pods.Replace(builder, 10)

	watch, err := pods.Watch(10)
	if err != nil {
		return
	}
	pod, err := kind.Parse([]byte(`{"kind":"Pod","apiVersion":"v1","metadata":{"name":"z","namespace":"a","resourceVersion":"12"}}`))
	if err != nil {
		return
	}
	pods.Upsert(pod)

	snapshot := pods.Snapshot()
	list := serialize.List{
		Kind:            kind,
		ResourceVersion: strconv.FormatUint(snapshot.ResourceVersion(), 10),
		Parts:           snapshot.In("a").Parts(), // what the caller may see
	}
	var body bytes.Buffer // of list.GzipSize() bytes
	if _, err := list.WriteGzipTo(&body); err != nil {
		return
	}
	plain, err := gzip.NewReader(&body)
	if err != nil {
		return
	}
	_, _ = io.Copy(os.Stdout, plain)

	events, _, _ := watch.Take()
	fmt.Print(string(kind.AppendEvent(nil, string(events[0].Type), events[0].Object)))
	// Output:
	// {"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"12"},"items":[{"metadata":{"name":"x","namespace":"a","resourceVersion":"7"}},{"metadata":{"name":"z","namespace":"a","resourceVersion":"12"}}]}
	// {"type":"ADDED","object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"z","namespace":"a","resourceVersion":"12"}}}
}
