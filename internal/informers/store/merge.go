package store

import (
	"iter"

	"github.com/k8cache/k8cache/internal/serialize"
)

// cursor goes through the objects of leaves, one leaf unpacked at a time.
type cursor struct {
	leaves  []*leaf
	objects []serialize.Object
}

// next moves to the next object and is false at the end.
func (c *cursor) next() bool {
	if len(c.objects) > 0 {
		c.objects = c.objects[1:]
	}
	if len(c.objects) > 0 {
		return true
	}
	if len(c.leaves) == 0 {
		return false
	}
	c.objects, c.leaves = c.leaves[0].objects(), c.leaves[1:]
	return true
}

// merge yields the objects of several batches of leaves in key order. Where
// batches have the same key, the last batch wins.
func merge(batches [][]*leaf) iter.Seq[serialize.Object] {
	return func(yield func(serialize.Object) bool) {
		var cursors []*cursor
		for _, leaves := range batches {
			if c := (&cursor{leaves: leaves}); c.next() {
				cursors = append(cursors, c)
			}
		}
		for len(cursors) > 0 {
			least := cursors[0].objects[0]
			for _, c := range cursors[1:] {
				if c.objects[0].Key() <= least.Key() {
					least = c.objects[0]
				}
			}
			if !yield(least) {
				return
			}
			cursors = pass(cursors, least.Key())
		}
	}
}

// pass moves all cursors past key and drops those at their end.
func pass(cursors []*cursor, key string) []*cursor {
	rest := cursors[:0]
	for _, c := range cursors {
		if c.objects[0].Key() != key || c.next() {
			rest = append(rest, c)
		}
	}
	return rest
}
