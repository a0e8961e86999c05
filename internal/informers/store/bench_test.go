package store_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"slices"
	"testing"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
	"github.com/k8cache/k8cache/internal/serialize/sample"
)

// fleet writes sample pods in key order.
type fleet struct {
	pods  *sample.Pods
	order []int
	peak  uint64 // of the heap in use, garbage included, when it was taken in
}

// heap is how much of it is in use, garbage included.
func heap() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapInuse
}

// newFleet is a fleet of n pods.
func newFleet(b testing.TB, n int) *fleet {
	f := &fleet{pods: sample.NewPods(), order: make([]int, n)}
	keys := make([]string, n)
	for i := range keys {
		f.order[i] = i
		keys[i] = parse(b, f.pods.Raw(i, 1)).Key()
	}
	slices.SortFunc(f.order, func(x, y int) int { return cmp.Compare(keys[x], keys[y]) })
	return f
}

// raw is pod i in key order.
func (f *fleet) raw(i, version int) []byte { return f.pods.Raw(f.order[i], version) }

// parse parses what must be an object.
func parse(b testing.TB, raw []byte) serialize.Object {
	o, err := serialize.Parse(raw)
	if err != nil {
		b.Fatal(err)
	}
	return o
}

// collection is the fleet in a collection.
func (f *fleet) collection(b testing.TB, o store.Options) *store.Collection {
	c := store.New(o)
	builder := c.Builder()
	for i := range f.order {
		if err := builder.Add(parse(b, f.raw(i, 1000+i))); err != nil {
			b.Fatal(err)
		}
		if i%1000 == 0 {
			f.peak = max(f.peak, heap())
		}
	}
	c.Replace(builder, 2_000_000)
	f.peak = max(f.peak, heap())
	return c
}

// raws are all pods, and how many bytes they are.
func (f *fleet) raws() (raws [][]byte, size int64) {
	for i := range f.order {
		raws = append(raws, f.raw(i, 1000+i))
		size += int64(len(raws[i]))
	}
	return raws, size
}

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
			for b.Loop() {
				sides[name]()
			}
		})
	}
}

// write writes a list of a view and returns how many bytes it was.
func write(b testing.TB, v store.View, zip bool) (n int64) {
	l := serialize.List{Kind: podKind, ResourceVersion: "1", Parts: v.Parts()}
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
	pending := func() store.View {
		return s.All().Select(func(r store.Row) bool { return r.Value(0).Str == "Pending" }, "status.phase")
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
		{"gzip-selected-by-column", pending, true},
	}
	for _, list := range lists {
		b.Run(list.name, func(b *testing.B) {
			b.ReportAllocs()
			var n int64
			for b.Loop() {
				n = write(b, list.view(), list.zip)
			}
			b.ReportMetric(float64(n), "sent-B")
		})
	}
	b.Run("gzip-after-1%-changed", func(b *testing.B) {
		version := 2_000_000
		for b.Loop() {
			b.StopTimer()
			for range 100 {
				version++
				c.Upsert(parse(b, f.raw(version*7919%10_000, version)))
			}
			b.StartTimer()
			write(b, c.Snapshot().All(), true)
		}
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
			for b.Loop() {
				write(b, s.In(some...), true)
			}
		})
	}
}

// BenchmarkRelist is a second list of 10,000 pods of which some changed.
func BenchmarkRelist(b *testing.B) {
	f := newFleet(b, 10_000)
	raws, size := f.raws()
	changed := slices.Clone(raws)
	room := make([]byte, 64<<10)
	for _, every := range []int{0, 100, 1} {
		name := "unchanged"
		if every > 0 {
			name = fmt.Sprintf("changed-1-of-%d", every)
		}
		b.Run(name, func(b *testing.B) {
			c := f.collection(b, store.Options{})
			b.SetBytes(size)
			for version := 3_000_000; b.Loop(); version += 20_000 {
				b.StopTimer()
				for i := 0; every > 0 && i < len(changed); i += every {
					changed[i] = f.raw(i, version+i)
				}
				b.StartTimer()
				builder := c.Builder()
				for _, raw := range changed {
					if err := builder.Add(parse(b, room[:copy(room, raw)])); err != nil {
						b.Fatal(err)
					}
				}
				c.Replace(builder, uint64(version+15_000))
			}
		})
	}
}

// BenchmarkUpsert is one event, on pods all over the collection (cold leaves
// as far as the budget goes) and again and again on the pods of one leaf.
func BenchmarkUpsert(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		f := newFleet(b, n)
		c := f.collection(b, store.Options{})
		events := make([]serialize.Object, 1000)
		for _, spread := range []struct {
			name string
			step int
		}{{"everywhere", 7919}, {"one-leaf", 0}} {
			b.Run(fmt.Sprintf("%d/%s", n, spread.name), func(b *testing.B) {
				b.ReportAllocs()
				version := 3_000_000
				for i := 0; b.Loop(); i++ {
					if i%len(events) == 0 {
						b.StopTimer()
						for k := range events {
							version++
							events[k] = parse(b, f.raw((k*spread.step+k%8)%n, version))
						}
						b.StartTimer()
					}
					c.Upsert(events[i%len(events)])
				}
			})
		}
	}
}

// BenchmarkGet is one object out of 10,000 packed pods.
func BenchmarkGet(b *testing.B) {
	f := newFleet(b, 10_000)
	for name, budget := range map[string]int64{"packed": 1, "at-hand": 1 << 30} {
		c := f.collection(b, store.Options{Packer: store.NewPacker(store.PackerOptions{Budget: budget})})
		refs := slices.Collect(c.Snapshot().All().Refs())
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				r := refs[i*7919%len(refs)]
				if _, ok := c.Snapshot().Get(r.Namespace(), r.Name()); !ok {
					b.Fatal("lost")
				}
			}
		})
	}
}

// BenchmarkHeap reports the heap after a collection, all objects readable, and
// its peak with garbage while they came in.
func BenchmarkHeap(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("pods-%d", n), func(b *testing.B) {
			for b.Loop() {
				f := newFleet(b, n)
				before := settled()
				c := f.collection(b, store.Options{})
				b.ReportMetric(float64(f.peak)/1e6, "peak-MB")
				reportHeap(b, before, c)
			}
		})
	}
	b.Run("configmaps-50000-in-as-many-namespaces", func(b *testing.B) {
		for b.Loop() {
			before := settled()
			reportHeap(b, before, configMaps(50_000))
		}
	})
}

// settled is the heap after a collection.
func settled() uint64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// reportHeap reports what c takes.
func reportHeap(b *testing.B, before uint64, c *store.Collection) {
	after := settled()
	var deflated int64
	for part := range c.Snapshot().All().Parts() {
		deflated += int64(len(part.Deflated().Data))
	}
	leaves, _ := c.Leaves()
	b.ReportMetric(float64(deflated)/1e6, "deflated-MB")
	b.ReportMetric(float64(after)/1e6, "heap-MB")
	b.ReportMetric(float64(after-before)/float64(c.Snapshot().Len()), "B/object")
	b.ReportMetric(float64(leaves), "leaves")
}

// configMaps are n namespaces of one config map each.
func configMaps(n int) *store.Collection {
	c := store.New(store.Options{})
	builder := c.Builder()
	for i := range n {
		if o, err := serialize.Parse(sample.ConfigMap(i, 1000+i)); err == nil {
			_ = builder.Add(o)
		}
	}
	c.Replace(builder, 1_000_000)
	return c
}
