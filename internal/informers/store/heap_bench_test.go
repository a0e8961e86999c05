package store_test

import (
	"fmt"
	"runtime"
	"testing"

	"github.com/k8cache/k8cache/internal/informers/store"
)

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
