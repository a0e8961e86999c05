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
	room := make([]byte, 64<<10)
	for _, every := range []int{0, 100, 1} {
		name := "unchanged"
		if every > 0 {
			name = fmt.Sprintf("changed-1-of-%d", every)
		}
		c := f.collection(b, store.Options{})
		version := uint64(3_000_000)
		b.Run(name, func(b *testing.B) {
			b.SetBytes(size)
			loop(b, func() {
				builder := c.Builder()
				for i, raw := range raws {
					o := parse(b, room[:copy(room, raw)])
					if every > 0 && i%every == 0 {
						version++
						o = o.WithResourceVersion(version)
					}
					if err := builder.Add(o); err != nil {
						b.Fatal(err)
					}
				}
				version++
				c.Replace(builder, version)
			})
		})
	}
}

// BenchmarkUpsert is one event on pods all over the collection, cold leaves
// as far as the budget goes, or on those of one leaf.
func BenchmarkUpsert(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		f := newFleet(b, n)
		packer := store.NewPacker(store.PackerOptions{})
		c := f.collection(b, store.Options{Packer: packer})
		version := uint64(3_000_000)
		for _, spread := range []struct {
			name        string
			pods, apart int
		}{{"everywhere", 1000, n / 1000}, {"one-leaf", 8, 1}} {
			b.Run(fmt.Sprintf("%d/%s", n, spread.name), func(b *testing.B) {
				b.ReportAllocs()
				packer.Pack()
				pods := make([]serialize.Object, spread.pods)
				for i := range pods {
					pods[i] = parse(b, f.raw(i*spread.apart, 1))
				}
				loop(b, func() {
					version++
					c.Upsert(pods[version*7%uint64(len(pods))].WithResourceVersion(version))
				})
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
			for i := 0; b.Loop(); i += 7919 {
				r := refs[i%len(refs)]
				if _, ok := c.Snapshot().Get(r.Namespace(), r.Name()); !ok {
					b.Fatal("lost")
				}
			}
		})
	}
}
