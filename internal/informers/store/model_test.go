package store_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// object parses an object with filler of the given size.
func object(t testing.TB, namespace, name string, version uint64, size int) serialize.Object {
	t.Helper()
	filler := fmt.Sprint(version, " ")
	raw := fmt.Appendf(nil, `{"metadata":{"name":%q,"namespace":%q,"resourceVersion":"%d","labels":{"n":"%d"}},"data":%q}`,
		name, namespace, version, version%3, strings.Repeat(filler, size/len(filler)+1)[:size])
	o, err := serialize.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// model is the plain sorted map that a collection is compared with.
type model map[string]serialize.Object

// sorted are the model's objects in key order.
func (m model) sorted() []serialize.Object {
	var objects []serialize.Object
	for _, key := range slices.Sorted(maps.Keys(m)) {
		objects = append(objects, m[key])
	}
	return objects
}

// world is a collection under random changes, with the model of it.
type world struct {
	t          testing.TB
	random     *rand.Rand
	collection *store.Collection
	objects    model
	version    uint64
	watcher    *store.Subscription
	watched    model
}

// newWorld makes a synced world of n objects.
func newWorld(t testing.TB, seed uint64, n int, o store.Options) *world {
	w := &world{t: t, random: rand.New(rand.NewPCG(seed, 1)), collection: store.New(o), objects: model{}, version: 100}
	for range n {
		o := w.object()
		w.objects[o.Key()] = o
	}
	w.relist()
	w.watchAnew()
	return w
}

// object is a random object at the next version. Some namespaces are large,
// most are tiny, and some names sort around the slash.
func (w *world) object() serialize.Object {
	namespace := []string{"big", "a", "a-b", "zz"}[w.random.IntN(4)]
	if w.random.IntN(3) == 0 {
		namespace = fmt.Sprintf("ns-%d", w.random.IntN(60))
	}
	size := w.random.IntN(1000)
	if w.random.IntN(20) == 0 {
		size = w.random.IntN(30_000)
	}
	w.version += 1 + w.random.Uint64N(3)
	return object(w.t, namespace, fmt.Sprintf("o%d", w.random.IntN(300)), w.version, size)
}

// step changes the world at random.
func (w *world) step() {
	switch n := w.random.IntN(100); {
	case n < 60:
		o := w.object()
		w.objects[o.Key()] = o
		w.collection.Upsert(o.Clone())
	case n < 90:
		w.remove()
	case n < 97:
		w.version++
		w.collection.Bookmark(w.version)
	default:
		w.relist()
	}
}

// remove deletes a random object, which there may not be.
func (w *world) remove() {
	o := w.object()
	if old, ok := w.objects[o.Key()]; ok {
		o = old.WithResourceVersion(w.version)
	}
	delete(w.objects, o.Key())
	w.collection.Delete(o)
}

// relist changes some objects unseen and lists all of them, now and then out
// of order.
func (w *world) relist() {
	for range w.random.IntN(20) {
		o := w.object()
		if w.random.IntN(3) == 0 {
			delete(w.objects, o.Key())
		} else {
			w.objects[o.Key()] = o
		}
	}
	objects := w.objects.sorted()
	if w.random.IntN(3) == 0 {
		w.random.Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
	}
	w.version += 30 // there must have been a version for each deletion
	w.fill(objects)
}

// fill replaces the collection by objects.
func (w *world) fill(objects []serialize.Object) {
	b := w.collection.Builder()
	room := make([]byte, 0, 64<<10)
	for _, o := range objects {
		room = append(room[:0], o.Bytes()...)
		if err := b.Add(o.Object(room)); err != nil {
			w.t.Fatal(err)
		}
	}
	clear(room[:cap(room)])
	w.collection.Replace(b, w.version)
}

// watchAnew lists and begins to watch from there.
func (w *world) watchAnew() {
	s := w.collection.Snapshot()
	w.watched = model{}
	for o := range s.All().Objects() {
		w.watched[o.Key()] = o.Clone()
	}
	w.watcher = w.collection.WatchFrom(s)
}

// catchUp takes all events and applies them.
func (w *world) catchUp() {
	for {
		events, more, err := w.watcher.Take()
		if err != nil {
			w.watchAnew()
			continue
		}
		if more != nil {
			return
		}
		for _, e := range events {
			w.apply(e)
		}
	}
}

// apply applies an event to what is known from watching.
func (w *world) apply(e store.Event) {
	key := e.Object.Key()
	old, existed := w.watched[key]
	if e.ResourceVersion != e.Object.ResourceVersion() {
		w.t.Fatalf("event at version %d has an object of version %d", e.ResourceVersion, e.Object.ResourceVersion())
	}
	if existed != (e.Type != store.Added) || existed && string(old.Bytes()) != string(e.Previous.Bytes()) {
		w.t.Fatalf("%s of %s at version %d does not follow from what was before", e.Type, key, e.ResourceVersion)
	}
	if e.Type == store.Deleted {
		delete(w.watched, key)
	} else {
		w.watched[key] = e.Object.Clone()
	}
}
