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

// change is what one catalog lacks and has beyond the one before it. An object that was replaced stands in both.
type change[T any] struct {
	removed, added []T
	some           bool // also where the objects in question cannot be read
}

// next returns the catalog of a later snapshot and what in it differs. It walks both in their common order, so that the
// cost is one comparison per object and one decoding per changed object.
func (c catalog[T]) next(snapshot *store.Snapshot, decode func(serialize.Object) (T, error)) (catalog[T], change[T]) {
	var diff change[T]
	if snapshot == c.snapshot {
		return c, diff
	}
	next := catalog[T]{snapshot: snapshot, entries: make([]entry[T], 0, snapshot.Len())}
	old := c.entries
	for object := range snapshot.All().Objects() {
		for len(old) > 0 && old[0].ref.Key() < object.Key() {
			diff.remove(old[0])
			old = old[1:]
		}
		if len(old) > 0 && old[0].ref.Same(object.Ref) {
			next.append(old[0])
			old = old[1:]
			continue
		}
		value, err := decode(object)
		e := entry[T]{ref: object.Ref, value: value, ok: err == nil}
		next.append(e)
		diff.add(e)
	}
	for _, e := range old {
		diff.remove(e)
	}
	if !diff.some {
		next.entries = c.entries
	}
	return next, diff
}

// append puts one entry at the end.
func (c *catalog[T]) append(e entry[T]) {
	c.entries = append(c.entries, e)
	if !e.ok {
		c.unread++
	}
}

// add takes up an entry that is new.
func (d *change[T]) add(e entry[T]) {
	d.some = true
	if e.ok {
		d.added = append(d.added, e.value)
	}
}

// remove takes up an entry that is gone.
func (d *change[T]) remove(e entry[T]) {
	d.some = true
	if e.ok {
		d.removed = append(d.removed, e.value)
	}
}
