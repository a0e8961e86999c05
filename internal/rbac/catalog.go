package rbac

import (
	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// entry is one object of a catalog, and which version of it the value was decoded from.
type entry[T any] struct {
	ref   serialize.Ref
	value T
	ok    bool // false: the bytes could not be read, and the object counts as absent
}

// catalog is one RBAC collection decoded, in the collection's order. It is immutable; the next one takes over every
// value whose object is unchanged.
type catalog[T any] struct {
	snapshot *store.Snapshot
	entries  []entry[T]
	unread   int
}

// next returns the catalog of a later snapshot and whether anything in it differs. It walks both in their common
// order, so that the cost is one comparison per object and one decoding per changed object.
func (c catalog[T]) next(snapshot *store.Snapshot, decode func([]byte) (T, error)) (catalog[T], bool) {
	if snapshot == c.snapshot {
		return c, false
	}
	next := catalog[T]{snapshot: snapshot, entries: make([]entry[T], 0, snapshot.Len())}
	old, changed := c.entries, false
	for object := range snapshot.All().Objects() {
		for len(old) > 0 && old[0].ref.Key() < object.Key() {
			old, changed = old[1:], true
		}
		if len(old) > 0 && old[0].ref.Same(object.Ref) {
			next.append(old[0])
			old = old[1:]
			continue
		}
		value, err := decode(object.Bytes())
		next.append(entry[T]{ref: object.Ref, value: value, ok: err == nil})
		changed = true
	}
	if changed = changed || len(old) > 0; !changed {
		next.entries = c.entries
	}
	return next, changed
}

// append puts one entry at the end.
func (c *catalog[T]) append(e entry[T]) {
	c.entries = append(c.entries, e)
	if !e.ok {
		c.unread++
	}
}
