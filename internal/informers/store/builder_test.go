package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// collectGarbage collects it, weak pointers included.
func collectGarbage() {
	runtime.GC()
	runtime.GC()
}

func TestBuilderTakesAnyOrderAndTheLastOfAKey(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 7))
	want := model{}
	c := store.New(store.Options{})
	b := c.Builder()
	for i := range 3000 { // more than once what is kept unpacked of strays
		o := object(t, fmt.Sprintf("ns-%d", random.IntN(20)), fmt.Sprintf("o%d", random.IntN(200)), uint64(i+1), 4000)
		want[o.Key()] = o
		if err := b.Add(o); err != nil {
			t.Fatal(err)
		}
	}
	c.Replace(b, 10_000)
	if diff := differ(keysOf(want.sorted()), keysOf(collect(c))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if err := c.CheckTree(); err != nil {
		t.Error(err)
	}
}

// collect are all objects of c.
func collect(c *store.Collection) []serialize.Object {
	var objects []serialize.Object
	for o := range c.Snapshot().All().Objects() {
		objects = append(objects, o)
	}
	return objects
}

// keysOf are keys and versions.
func keysOf(objects []serialize.Object) []string {
	var keys []string
	for _, o := range objects {
		keys = append(keys, fmt.Sprintf("%s@%d", o.Key(), o.ResourceVersion()))
	}
	return keys
}

func TestThreat27_EndlessListIsRefused(t *testing.T) {
	b := store.New(store.Options{Limit: 20 << 10}).Builder()
	for i := range 100_000 {
		if err := b.Add(object(t, "a", fmt.Sprintf("o%d", 99_999-i), uint64(i+1), 300)); err != nil {
			if !errors.Is(err, store.ErrFull) {
				t.Error(err)
			}
			return
		}
	}
	t.Error("took all of it")
}

func TestRelistKeepsLeavesInWhichNothingChanged(t *testing.T) {
	c := synced(t, 5000, store.Options{})
	before := map[serialize.Part]bool{}
	for part := range c.Snapshot().All().Parts() {
		before[part] = true
	}
	list := objects(t, 5000)
	list[77] = object(t, "a", list[77].Name(), 6000, 100)
	fill(t, c, 6000, list...)
	kept, all := 0, 0
	for part := range c.Snapshot().All().Parts() {
		if all++; before[part] {
			kept++
		}
	}
	if kept < all-2 || len(before) < 5 {
		t.Errorf("%d of %d leaves are the same, there were %d", kept, all, len(before))
	}
}

func TestSmallNamespacesShareLeavesAndLargeOnesDoNot(t *testing.T) {
	c := store.New(store.Options{})
	var list []serialize.Object
	for i := range 1000 {
		list = append(list, object(t, fmt.Sprintf("small-%04d", i), "x", 1, 500))
	}
	for i := range 300 {
		list = append(list, object(t, "small-0500-large", strconv.Itoa(i), 1, 500))
	}
	fill(t, c, 10, list...)
	check := func(when string) {
		if all, _ := c.Leaves(); all < 5 || all > 20 {
			t.Errorf("%s: %d leaves", when, all)
		}
		for part := range c.Snapshot().In("small-0500-large").Parts() {
			if fmt.Sprintf("%T", part) != "*store.leaf" {
				t.Errorf("%s: the large namespace shares a leaf", when)
			}
		}
		if diff := cmp.Diff(1, c.Snapshot().In("small-0500").Len()); diff != "" {
			t.Error(diff)
		}
	}
	check("after a list")
	events := store.New(store.Options{})
	fill(t, events, 10)
	c = events
	for i, o := range list {
		c.Upsert(object(t, o.Namespace(), o.Name(), uint64(100+i), 500))
	}
	check("after events")
}
