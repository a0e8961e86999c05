package store_test

import (
	"fmt"
	"io"
	"testing"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// BenchmarkForms is gzip lists of 10,000 packed pods in each form: first, with nothing kept, and again, with the blocks that
// leaves keep.
func BenchmarkForms(b *testing.B) {
	f := newFleet(b, 10_000)
	for _, form := range []struct {
		name string
		kind serialize.Kind
		text serialize.Text
	}{
		{"whole", podKind, serialize.JSON},
		{"pretty", podKind, serialize.Indented},
		{"yaml", podKind, serialize.YAML},
		{"metadata", podKind.MetadataAlone("v1"), serialize.JSON},
		{"metadata-yaml", podKind.MetadataAlone("v1"), serialize.YAML},
	} {
		list := func(c *store.Collection, zip bool) (n int64) {
			l := serialize.List{Kind: podKind, ResourceVersion: "1", Parts: c.Snapshot().All().Parts()}.As(form.kind, form.text)
			err := l.Make(b.Context())
			switch {
			case err != nil:
			case zip:
				_ = l.GzipSize()
				n, err = l.WriteGzipTo(io.Discard)
			default:
				_ = l.Size()
				n, err = l.WriteTo(io.Discard)
			}
			if err != nil {
				b.Fatal(err)
			}
			return n
		}
		b.Run(form.name+"/first", func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				c := f.collection(b, store.Options{})
				b.StartTimer()
				list(c, true)
			}
		})
		c := f.collection(b, store.Options{})
		for zip, name := range map[bool]string{true: "gzip", false: "plain"} {
			list(c, zip)
			b.Run(fmt.Sprintf("%s/%s", form.name, name), func(b *testing.B) {
				b.ReportAllocs()
				var n int64
				loop(b, func() { n = list(c, zip) })
				b.ReportMetric(float64(n), "sent-B")
			})
		}
	}
}
