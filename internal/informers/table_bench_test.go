package informers

import (
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/tidwall/gjson"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
	"github.com/k8cache/k8cache/internal/serialize/sample"
)

// BenchmarkTable writes gzip tables of pods of 7.6 KB, of which the collection holds 10,000 at rest: kubectl's pages of
// 500, and all at once.
func BenchmarkTable(b *testing.B) {
	collection := tableOfPods(b, 10_000)
	for _, rows := range []int{500, 10_000} {
		for _, include := range []serialize.Include{serialize.IncludeNone, serialize.IncludeMetadata} {
			b.Run(fmt.Sprintf("%d/%s", rows, include), func(b *testing.B) {
				kind := pods().Table("v1", serialize.Table{Columns: podTable, NoRows: "[]", Include: include, At: time.Now()})
				for b.Loop() {
					list := serialize.List{ResourceVersion: "1", Parts: collection.Snapshot().All().Limit(rows).Parts()}.As(kind, serialize.JSON)
					if err := list.Make(b.Context()); err != nil {
						b.Fatal(err)
					}
					_, _ = list.Sum(), list.GzipSize()
					n, err := list.WriteGzipTo(io.Discard)
					if err != nil {
						b.Fatal(err)
					}
					b.SetBytes(n)
				}
			})
		}
	}
}

// tableOfPods is a collection of pods with rows.
func tableOfPods(b *testing.B, count int) *store.Collection {
	b.Helper()
	p, err := newPrinter(pods(), schema.GroupResource{Resource: "pods"}, gjson.Parse(podTable), nil)
	if err != nil {
		b.Fatal(err)
	}
	collection := store.New(store.Options{})
	builder, all := collection.Builder(), sample.NewPods()
	for i := range count {
		raw := all.Raw(i, 1)
		created := timeOf(gjson.GetBytes(raw, "metadata.creationTimestamp"))
		row := fmt.Sprintf(`{"cells":[%q,"0","%s"],"object":%s}`, gjson.GetBytes(raw, "metadata.name").String(), "0s", raw)
		object, err := p.read(row, created)
		if err != nil {
			b.Fatal(err)
		}
		if err := builder.Add(object); err != nil {
			b.Fatal(err)
		}
	}
	collection.Replace(builder, 1)
	return collection
}

// BenchmarkPrinter reads a row as it comes.
func BenchmarkPrinter(b *testing.B) {
	p, err := newPrinter(pods(), schema.GroupResource{Resource: "pods"}, gjson.Parse(podTable), nil)
	if err != nil {
		b.Fatal(err)
	}
	raw := sample.NewPods().Raw(1, 1)
	created := timeOf(gjson.GetBytes(raw, "metadata.creationTimestamp"))
	row := fmt.Sprintf(`{"cells":["a","0","0s"],"object":%s}`, raw)
	b.SetBytes(int64(len(row)))
	for b.Loop() {
		if _, err := p.read(row, created); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzPrinter must not panic, and what it takes must be taken apart again.
func FuzzPrinter(f *testing.F) {
	f.Add(`{"cells":["web","3 (5m ago)","10m"],"conditions":[],"object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"web","resourceVersion":"7","creationTimestamp":"2026-01-01T11:50:00Z"}}}`)
	f.Add(`{"cells":[],"object":{}}`)
	p, err := newPrinter(pods(), schema.GroupResource{Resource: "pods"}, gjson.Parse(podTable), nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, row string) {
		if !gjson.Valid(row) {
			return // streams and lists are looked at before, or in whole
		}
		object, err := p.read(row, now)
		if err != nil {
			return
		}
		table := pods().Table("v1", serialize.Table{Columns: "[]", NoRows: "[]", Include: serialize.IncludeObject, At: now})
		if out := table.AppendObject(nil, object); !gjson.ValidBytes(out) {
			t.Errorf("%s became %s", row, out)
		}
	})
}
