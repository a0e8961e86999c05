package store

import (
	"iter"

	"github.com/tidwall/btree"
)

// slot is the place of a leaf in a tree: low is at most its first key, and
// greater than every key of the leaf before.
type slot struct {
	low string
	*leaf
}

// tree is an ordered, copy-on-write tree of leaves. A copy costs nothing; a
// change of it copies the path to one leaf.
type tree struct {
	slots *btree.BTreeG[slot]
}

// newTree makes a tree of leaves given in key order.
func newTree(leaves []*leaf) tree {
	// Readers have copies and the writer has a mutex: no lock is needed inside.
	slots := btree.NewBTreeGOptions(slotBefore, btree.Options{NoLocks: true})
	for _, l := range leaves {
		slots.Load(slot{low: l.first(), leaf: l})
	}
	return tree{slots: slots}
}

// slotBefore orders slots.
func slotBefore(a, b slot) bool { return a.low < b.low }

// copy is the tree as it is now; changes of either do not show in the other.
func (t tree) copy() tree { return tree{slots: t.slots.Copy()} }

// find returns the slot where key stands or would stand: the last one that
// does not begin after it, or else the first one.
func (t tree) find(key string) (slot, bool) {
	found, ok := slot{}, false
	t.slots.Descend(slot{low: key}, func(s slot) bool {
		found, ok = s, true
		return false
	})
	if !ok {
		return t.slots.Min()
	}
	return found, ok
}

// search returns the leaf that has the object with key, and its position.
func (t tree) search(key string) (*leaf, int, bool) {
	at, ok := t.find(key)
	if !ok {
		return nil, 0, false
	}
	i, ok := at.search(key)
	return at.leaf, i, ok
}

// next returns the slot after s.
func (t tree) next(s slot) (slot, bool) {
	found, ok := slot{}, false
	t.slots.Ascend(s, func(other slot) bool {
		found, ok = other, other.low != s.low
		return !ok
	})
	return found, ok
}

// from yields the leaves from the one on where key stands or would stand.
func (t tree) from(key string) iter.Seq[*leaf] {
	return func(yield func(*leaf) bool) {
		if start, ok := t.find(key); ok {
			t.slots.Ascend(start, func(s slot) bool { return yield(s.leaf) })
		}
	}
}

// leaves yields all leaves in key order.
func (t tree) leaves() iter.Seq[*leaf] {
	return func(yield func(*leaf) bool) {
		t.slots.Scan(func(s slot) bool { return yield(s.leaf) })
	}
}
