package query_test

import (
	"cmp"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/k8cache/k8cache/internal/httpapi/query"
	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
	"github.com/k8cache/k8cache/internal/serialize/sample"
)

// fleet is n sample pods, taken in as from a list.
func fleet(b testing.TB, n int, o store.PackerOptions) (*store.Collection, *store.Packer) {
	pods, order, keys := sample.NewPods(), make([]int, n), make([]string, n)
	for i := range n {
		o, err := serialize.Parse(pods.Raw(i, 1))
		if err != nil {
			b.Fatal(err)
		}
		order[i], keys[i] = i, o.Key()
	}
	slices.SortFunc(order, func(x, y int) int { return cmp.Compare(keys[x], keys[y]) })
	packer := store.NewPacker(o)
	c := store.New(store.Options{Packer: packer})
	builder := c.Builder()
	for at, i := range order {
		o, err := serialize.Parse(pods.Raw(i, 1000+at))
		if err != nil || builder.Add(o) != nil {
			b.Fatal(err)
		}
	}
	c.Replace(builder, 2_000_000)
	return c, packer
}

// benchmarked are the queries that frontends ask.
type benchmarked struct {
	name   string
	filter query.Filter
	order  query.Order
	place  query.Place
	limit  int64
	count  string
}

func path(b testing.TB, text string) query.Path {
	p, err := query.ParsePath(text)
	if err != nil {
		b.Fatal(err)
	}
	return p
}

func benchmarks(b testing.TB) []benchmarked {
	age := query.Order{{Path: path(b, "metadata.creationTimestamp"), Descending: true}}
	name := query.Order{{Path: path(b, "metadata.name")}}
	tier, err := labels.Parse("tier=backend,app in (app-7,app-70,app-110,app-211,app-305,app-420)")
	if err != nil {
		b.Fatal(err)
	}
	words, err := query.ParseSearch("p-7")
	if err != nil {
		b.Fatal(err)
	}
	return []benchmarked{
		{name: "first-by-age", order: age, limit: 50},
		{name: "page-50-by-name", order: name, limit: 100, place: query.Place{Offset: 4900}},
		{name: "last-page-by-name", order: name, limit: 100, place: query.Place{Offset: int64(podsToBench() - 100)}},
		{name: "labels-by-age", filter: query.NewFilter(tier, nil, nil), order: age, limit: 100},
		{name: "search-by-age", filter: query.NewFilter(nil, nil, words), order: age, limit: 50},
		{name: "count-by-phase", count: "status.phase"},
		{name: "count-by-node", count: "spec.nodeName"},
	}
}

func (q benchmarked) run(b testing.TB, view store.View) (n int) {
	matches := q.filter.Match(view)
	if q.count != "" {
		return len(matches.Count(path(b, q.count)).Values)
	}
	return len(matches.Page(q.order, q.place, q.limit).Objects)
}

// views are what an admin sees, and a caller of 20 of the 200 namespaces.
func views(c *store.Collection) map[string]store.View {
	some := make([]string, 20)
	for i := range some {
		some[i] = fmt.Sprintf("team-%03d", 7+9*i)
	}
	return map[string]store.View{"all": c.Snapshot().All(), "20-of-200": c.Snapshot().In(some...)}
}

// BenchmarkQuery is queries that have been asked before, of K8CACHE_BENCH_PODS pods (10,000).
func BenchmarkQuery(b *testing.B) {
	c, packer := fleet(b, podsToBench(), store.PackerOptions{Sketch: query.Sketch})
	for sight, view := range views(c) {
		for _, q := range benchmarks(b) {
			b.Run(sight+"/"+q.name, func(b *testing.B) {
				b.ReportAllocs()
				n := q.run(b, view)
				loop(b, nil, func() { q.run(b, view) })
				b.ReportMetric(float64(n), "objects")
			})
		}
	}
	b.Logf("%d bytes at hand", packer.Resident())
}

// BenchmarkCold is queries that nobody has asked before.
func BenchmarkCold(b *testing.B) {
	for name, o := range map[string]store.PackerOptions{"sketched": {Sketch: query.Sketch}, "plain": {}} {
		began := time.Now()
		before := heapInUse()
		c, _ := fleet(b, podsToBench(), o)
		b.Logf("%s: %d pods taken in after %s, heap %d bytes", name, c.Snapshot().Len(), time.Since(began), heapInUse()-before)
		for _, q := range benchmarks(b) {
			b.Run(name+"/"+q.name, func(b *testing.B) {
				loop(b, c.Forget, func() { q.run(b, c.Snapshot().All()) })
			})
		}
		b.Logf("%s: heap after all queries %d bytes", name, heapInUse()-before)
		runtime.KeepAlive(c)
	}
}

// BenchmarkKeystroke is searches by age for three letters that nobody has searched before, in texts that are at hand.
func BenchmarkKeystroke(b *testing.B) {
	c, _ := fleet(b, podsToBench(), store.PackerOptions{Sketch: query.Sketch})
	q := benchmarks(b)[4]
	q.run(b, c.Snapshot().All())
	n := 0
	loop(b, nil, func() {
		words, err := query.ParseSearch(word(n))
		if err != nil {
			b.Fatal(err)
		}
		n++
		q.filter = query.NewFilter(nil, nil, words)
		q.run(b, c.Snapshot().All())
	})
}

// loop runs f again and again, after before, and reports its CPU time and its shortest time beside the mean: on a machine
// that is shared, those are the steadier numbers.
func loop(b *testing.B, before, f func()) {
	n, used, least := 0, time.Duration(0), time.Hour
	for b.Loop() {
		if before != nil {
			b.StopTimer()
			before()
			b.StartTimer()
		}
		cpu, began := cpuTime(b), time.Now()
		f()
		used, least = used+cpuTime(b)-cpu, min(least, time.Since(began))
		n++
	}
	b.ReportMetric(float64(used.Microseconds())/float64(n)/1000, "cpu-ms/op")
	b.ReportMetric(float64(least.Microseconds())/1000, "least-ms/op")
}

// cpuTime is the CPU time that the process has used.
func cpuTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// BenchmarkAfterAChange is queries that have been asked before, each after one pod was written.
func BenchmarkAfterAChange(b *testing.B) {
	c, _ := fleet(b, podsToBench(), store.PackerOptions{Sketch: query.Sketch})
	pods, version := sample.NewPods(), 3_000_000
	for _, q := range benchmarks(b) {
		b.Run(q.name, func(b *testing.B) {
			q.run(b, c.Snapshot().All())
			loop(b, func() {
				version++
				o, err := serialize.Parse(pods.Raw(version*7919%podsToBench(), version))
				if err != nil {
					b.Fatal(err)
				}
				c.Upsert(o)
			}, func() { q.run(b, c.Snapshot().All()) })
		})
	}
}

// word is one of 17,576 words of three letters.
func word(n int) string {
	n = n * 7919 % 17576
	return string([]byte{byte('a' + n%26), byte('a' + n/26%26), byte('a' + n/676)})
}

// BenchmarkMemory is what leaves remember of each kind of query, in bytes for an object.
func BenchmarkMemory(b *testing.B) {
	c, packer := fleet(b, podsToBench(), store.PackerOptions{Sketch: query.Sketch, Budget: 1 << 40})
	view := c.Snapshot().All()
	for _, q := range benchmarks(b) {
		b.Run(q.name, func(b *testing.B) {
			for b.Loop() {
				c.Forget()
			}
			matches := q.filter.Match(view)
			if q.count != "" {
				matches.Count(path(b, q.count))
			} else {
				matches.Page(q.order, query.Place{Offset: 9e18}, 1)
			}
			b.ReportMetric(float64(packer.Resident())/float64(view.Len()), "remembered-B/object")
		})
	}
}

// BenchmarkTakeIn is what it costs to take objects in, with a sketch of each and without.
func BenchmarkTakeIn(b *testing.B) {
	pods, all := sample.NewPods(), make([]serialize.Object, podsToBench())
	for i := range all {
		o, err := serialize.Parse(pods.Raw(i, 1000+i))
		if err != nil {
			b.Fatal(err)
		}
		all[i] = o
	}
	slices.SortFunc(all, func(x, y serialize.Object) int { return cmp.Compare(x.Key(), y.Key()) })
	for name, o := range map[string]store.PackerOptions{"sketched": {Sketch: query.Sketch}, "plain": {}} {
		b.Run(name, func(b *testing.B) {
			loop(b, nil, func() {
				c := store.New(store.Options{Packer: store.NewPacker(o)})
				builder := c.Builder()
				for _, o := range all {
					if err := builder.Add(o); err != nil {
						b.Fatal(err)
					}
				}
				c.Replace(builder, 2_000_000)
			})
		})
	}
}

func heapInUse() uint64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

func podsToBench() int {
	if n, err := strconv.Atoi(os.Getenv("K8CACHE_BENCH_PODS")); err == nil {
		return n
	}
	return 10_000
}
