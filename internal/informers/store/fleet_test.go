package store_test

import (
	"cmp"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

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

// loop runs f again and again, and reports its CPU time beside the time it
// took: on a machine that is shared, that is the steadier number.
func loop(b *testing.B, f func()) {
	n, used := 0, time.Duration(0)
	for b.Loop() {
		before := cpuTime(b)
		f()
		used += cpuTime(b) - before
		n++
	}
	b.ReportMetric(float64(used.Nanoseconds())/float64(n), "cpu-ns/op")
}

// cpuTime is the CPU time that the process has used.
func cpuTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
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
