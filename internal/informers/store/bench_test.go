package store_test

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"testing"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

var podKind = serialize.Kind{APIVersion: "v1", Kind: "Pod", ListKind: "PodList"}

// BenchmarkSync is one core taking in 10,000 pods, against only looking at
// each byte of them and against the standard library's validator.
func BenchmarkSync(b *testing.B) {
	raws, size := newFleet(b, 10_000).raws()
	room := make([]byte, 64<<10)
	sides := map[string]func(){
		"read": func() {
			for _, raw := range raws {
				copy(room, raw)
			}
		},
		"json.Valid": func() {
			for _, raw := range raws {
				json.Valid(raw)
			}
		},
		"store": func() {
			c := store.New(store.Options{})
			builder := c.Builder()
			for _, raw := range raws {
				if err := builder.Add(parse(b, room[:copy(room, raw)])); err != nil {
					b.Fatal(err)
				}
			}
			c.Replace(builder, 1)
		},
	}
	for _, name := range []string{"read", "json.Valid", "store"} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(size)
			loop(b, sides[name])
		})
	}
}

// write writes a list of a view and returns how many bytes it was.
func write(b testing.TB, v store.View, zip bool) (n int64) { return writeParts(b, v.Parts(), zip) }

func writeParts(b testing.TB, parts iter.Seq[serialize.Part], zip bool) (n int64) {
	l := serialize.List{Kind: podKind, ResourceVersion: "1", Parts: parts}
	var err error
	if zip {
		_ = l.GzipSize()
		n, err = l.WriteGzipTo(io.Discard)
	} else {
		_ = l.Size()
		n, err = l.WriteTo(io.Discard)
	}
	if err != nil {
		b.Fatal(err)
	}
	return n
}

// BenchmarkList is lists of 10,000 packed pods.
func BenchmarkList(b *testing.B) {
	f := newFleet(b, 10_000)
	c := f.collection(b, store.Options{})
	s := c.Snapshot()
	ten := make([]string, 10)
	for i := range ten {
		ten[i] = fmt.Sprintf("team-%03d", 7+11*i)
	}
	lists := []struct {
		name string
		view func() store.View
		zip  bool
	}{
		{"gzip", s.All, true},
		{"plain", s.All, false},
		{"gzip-10-of-200-namespaces", func() store.View { return s.In(ten...) }, true},
		{"gzip-page-of-500", func() store.View { return s.All().Limit(500) }, true},
	}
	for _, list := range lists {
		b.Run(list.name, func(b *testing.B) {
			b.ReportAllocs()
			var n int64
			loop(b, func() { n = write(b, list.view(), list.zip) })
			b.ReportMetric(float64(n), "sent-B")
		})
	}
	b.Run("plain-slim", func(b *testing.B) {
		b.ReportAllocs()
		loop(b, func() { writeParts(b, s.All().SlimParts(), false) })
	})
	version := 2_000_000
	b.Run("100-upserts-and-gzip", func(b *testing.B) {
		raws := make([][]byte, 100)
		for i := range raws {
			raws[i] = f.raw(i*79, 9_999_999)
		}
		loop(b, func() {
			for _, raw := range raws {
				version++
				c.Upsert(parse(b, slices.Clone(raw)).WithResourceVersion(uint64(version)))
			}
			write(b, c.Snapshot().All(), true)
		})
	})
}

// BenchmarkNamespaces is lists of some of 50,000 namespaces of one config map.
func BenchmarkNamespaces(b *testing.B) {
	s := configMaps(50_000).Snapshot()
	all := slices.Collect(s.Namespaces())
	for _, n := range []int{1, 10, 1000, 49_000} {
		some := make([]string, n)
		for i := range some {
			some[i] = all[(i*7919)%len(all)]
		}
		b.Run(fmt.Sprintf("%d-of-50000", n), func(b *testing.B) {
			b.ReportAllocs()
			loop(b, func() { write(b, s.In(some...), true) })
		})
	}
}
