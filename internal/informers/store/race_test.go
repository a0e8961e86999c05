package store_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// TestReadersWritersAndPackingTogether is for the race detector first; what
// readers see must be whole as well, and never older than before.
func TestReadersWritersAndPackingTogether(t *testing.T) {
	packer := store.NewPacker(store.PackerOptions{Budget: 256 << 10, Interval: time.Millisecond})
	w := newWorld(t, 99, 400, store.Options{Packer: packer, History: 4 << 20})
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		if err := packer.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	for i := range 4 {
		r := &reader{t: t, c: w.collection, random: rand.New(rand.NewPCG(uint64(i), 5))}
		running.Go(func() { r.run(ctx) })
	}
	watchers := make([]*follower, 3)
	for i := range watchers {
		watchers[i] = newFollower(w.collection)
		running.Go(func() { watchers[i].run(ctx) })
	}
	for range 200 {
		w.step()
	}
	last, err := w.collection.WaitFor(ctx, w.version)
	if err != nil {
		t.Error(err)
	}
	want := keysOf(w.objects.sorted())
	for i, f := range watchers {
		f.reach(ctx, last.ResourceVersion())
		if diff := differ(want, keysOf(f.sorted())); diff != "" {
			t.Errorf("watcher %d (-want +got):\n%s", i, diff)
		}
	}
	cancel()
	running.Wait()
}

// reader reads a collection in all ways.
type reader struct {
	t       *testing.T
	c       *store.Collection
	random  *rand.Rand
	version uint64
}

// run reads until ctx ends.
func (r *reader) run(ctx context.Context) {
	for ctx.Err() == nil {
		s := r.c.Snapshot()
		if s.ResourceVersion() < r.version {
			r.t.Errorf("version %d after %d", s.ResourceVersion(), r.version)
		}
		r.version = s.ResourceVersion()
		r.lists(s)
		r.selects(s)
		r.c.Hold(s)
		if old := r.c.At(r.version); old == nil {
			r.t.Errorf("version %d is not held", r.version)
		}
	}
}

// lists compares gzip with plain lists.
func (r *reader) lists(s *store.Snapshot) {
	v := s.All()
	if r.random.IntN(2) == 0 {
		v = s.In("a", "zz", fmt.Sprintf("ns-%d", r.random.IntN(60)))
	}
	parts := v.Parts()
	if r.random.IntN(3) == 0 {
		parts = v.SlimParts()
	}
	l := serialize.List{Kind: podKind, ResourceVersion: "1", Parts: parts}
	var plain, zipped bytes.Buffer
	_, err := l.WriteTo(&plain)
	if n := l.GzipSize(); err != nil || n == 0 {
		r.t.Error(n, err)
	}
	if _, err = l.WriteGzipTo(&zipped); err != nil {
		r.t.Error(err)
	}
	zr, err := gzip.NewReader(&zipped)
	if err != nil {
		r.t.Error(err)
		return
	}
	inflated, err := io.ReadAll(zr)
	if err != nil || !bytes.Equal(plain.Bytes(), inflated) {
		r.t.Errorf("gzip and plain list differ, error %v", err)
	}
}

// selects goes through a column and gets each tenth of what it saw.
func (r *reader) selects(s *store.Snapshot) {
	n := 0
	names := values(s.All(), columnAt("metadata.name", store.ReadsAll))
	for ref := range s.All().Refs() {
		if n++; names[n-1] != ref.Name() {
			r.t.Errorf("%s has the name %s in its column", ref.Name(), names[n-1])
		}
		if r.random.IntN(10) != 0 {
			continue
		}
		if o, ok := s.Get(ref.Namespace(), ref.Name()); !ok || !o.Same(ref) {
			r.t.Errorf("%s is another object in its row", ref.Key())
		}
	}
	if n != s.Len() {
		r.t.Errorf("%d rows of %d", n, s.Len())
	}
}

// follower keeps a copy of a collection by watching it.
type follower struct {
	c       *store.Collection
	mu      sync.Mutex
	objects model
	version uint64
	moved   chan struct{}
}

// newFollower makes a follower.
func newFollower(c *store.Collection) *follower {
	return &follower{c: c, moved: make(chan struct{}, 1)}
}

// run lists and watches, and begins again when it is overtaken, until ctx
// ends.
func (f *follower) run(ctx context.Context) {
	var watch *store.Subscription
	for {
		if watch == nil {
			watch = f.list()
		}
		events, more, err := watch.Take()
		switch {
		case err != nil:
			watch = nil
			continue
		case more == nil:
			f.apply(events)
			continue
		}
		f.reached(watch.ResourceVersion())
		select {
		case <-more:
		case <-ctx.Done():
			return
		}
	}
}

// list begins anew.
func (f *follower) list() *store.Subscription {
	s := f.c.Snapshot()
	f.mu.Lock()
	defer f.mu.Unlock()
	f.objects = model{}
	for o := range s.All().Objects() {
		f.objects[o.Key()] = o
	}
	return f.c.WatchFrom(s)
}

// apply applies events.
func (f *follower) apply(events []store.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, e := range events {
		if e.Type == store.Deleted {
			delete(f.objects, e.Object.Key())
		} else {
			f.objects[e.Object.Key()] = e.Object
		}
	}
}

// reached notes the version that the copy is at.
func (f *follower) reached(version uint64) {
	f.mu.Lock()
	f.version = version
	f.mu.Unlock()
	select {
	case f.moved <- struct{}{}:
	default:
	}
}

// reach waits for a version.
func (f *follower) reach(ctx context.Context, version uint64) {
	for {
		f.mu.Lock()
		now := f.version
		f.mu.Unlock()
		if now >= version {
			return
		}
		select {
		case <-f.moved:
		case <-ctx.Done():
			return
		}
	}
}

// sorted is the copy in key order.
func (f *follower) sorted() []serialize.Object {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.objects.sorted())
}
