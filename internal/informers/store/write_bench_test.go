package store_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

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
