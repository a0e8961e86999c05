package store

import (
	"slices"

	"github.com/k8cache/k8cache/internal/serialize"
)

// edit changes a tree by one object.
type edit struct {
	tree   tree
	packer *Packer
	made   []*leaf // leaves that took the place of others
}

// put puts o in the place of the object with its key, or adds it.
func (e *edit) put(o serialize.Object) (previous serialize.Object, existed bool) {
	at, ok := e.home(o)
	if !ok {
		e.set(slot{low: o.Key()}, []serialize.Object{o})
		return previous, false
	}
	objects := at.objects()
	i, existed := at.search(o.Key())
	if existed {
		previous, objects[i] = objects[i], o
	} else {
		objects = slices.Insert(objects, i, o)
	}
	e.replace(at, objects)
	return previous, existed
}

// remove removes the object with key.
func (e *edit) remove(key string) (previous serialize.Object, existed bool) {
	at, ok := e.tree.find(key)
	if !ok {
		return previous, false
	}
	i, existed := at.search(key)
	if !existed {
		return previous, false
	}
	objects := at.objects()
	previous = objects[i]
	e.replace(at, e.joinNext(at, slices.Delete(objects, i, i+1)))
	return previous, true
}

// home returns the slot that o belongs into, or false if it needs a new one:
// a namespace with leaves of its own is not to share them with another.
func (e *edit) home(o serialize.Object) (slot, bool) {
	at, ok := e.tree.find(o.Key())
	if !ok || at.low <= o.Key() && o.Key() <= at.last() || at.takes(o) {
		return at, ok
	}
	if o.Key() < at.low {
		return at, false
	}
	if next, ok := e.tree.next(at); ok && next.takes(o) {
		return next, true
	}
	return at, at.shared() && at.size < sharedLeaf
}

// takes says whether o, as a neighbour, should join the leaf.
func (l *leaf) takes(o serialize.Object) bool {
	return l.holds(o.Namespace()) || l.size < ownLeaf
}

// joinNext adds the objects of the next leaf where both are small and may be
// in one leaf. Its slot is removed.
func (e *edit) joinNext(at slot, objects []serialize.Object) []serialize.Object {
	next, ok := e.tree.next(at)
	if !ok || len(objects) == 0 || at.size >= ownLeaf || at.size+next.size > fullLeaf/2 {
		return objects
	}
	if next.size >= ownLeaf && at.refs[0].Namespace() != next.refs[len(next.refs)-1].Namespace() {
		return objects
	}
	objects = append(objects, next.objects()...)
	e.drop(next)
	return objects
}

// replace puts objects in the place of a slot's.
func (e *edit) replace(at slot, objects []serialize.Object) {
	e.drop(at)
	if len(objects) > 0 {
		at.low = min(at.low, objects[0].Key())
		e.set(at, objects)
	}
}

// drop removes a slot.
func (e *edit) drop(at slot) {
	e.tree.slots.Delete(at)
	at.retire()
}

// set puts objects into a slot, or into several if they are too many.
func (e *edit) set(at slot, objects []serialize.Object) {
	for rest := objects; len(rest) > 0; {
		n := divide(rest)
		at.leaf = newLeaf(e.packer, rest[:n:n])
		e.tree.slots.Set(at)
		e.made = append(e.made, at.leaf)
		if rest = rest[n:]; len(rest) > 0 {
			at.low = rest[0].Key()
		}
	}
}

// divide says how many of the objects, from the first on, should be one leaf:
// all of them up to twice the size of a full one, then half of them. What has
// become a large namespace is divided from others.
func divide(objects []serialize.Object) int {
	var size, own int
	begin := 0 // of the namespace
	for i, o := range objects {
		if i > 0 && o.Namespace() != objects[i-1].Namespace() {
			if own >= 2*ownLeaf {
				return i
			}
			begin, own = i, 0
		}
		size, own = size+o.Size(), own+o.Size()
		if begin > 0 && own >= 2*ownLeaf {
			return begin
		}
	}
	full := fullLeaf
	if begin > 0 {
		full = sharedLeaf
	}
	if len(objects) == 1 || size <= 2*full && len(objects) <= 2*fullCount {
		return len(objects)
	}
	return halve(objects, size, begin)
}

// halve says how many of the objects make about half of size. Where there are
// several namespaces, the last of which begins at begin, none is cut in two.
func halve(objects []serialize.Object, size, begin int) int {
	half := 0
	for i, o := range objects[:len(objects)-1] {
		half += o.Size()
		whole := begin == 0 || o.Namespace() != objects[i+1].Namespace()
		if whole && (half >= size/2 || i+1 >= fullCount) {
			return i + 1
		}
	}
	return max(begin, 1)
}

// holds says whether the leaf has objects of the namespace at one of its ends.
func (l *leaf) holds(namespace string) bool {
	return l.refs[0].Namespace() == namespace || l.refs[len(l.refs)-1].Namespace() == namespace
}

// shared says whether the leaf has objects of several namespaces.
func (l *leaf) shared() bool {
	return l.refs[0].Namespace() != l.refs[len(l.refs)-1].Namespace()
}

// retire notes that the leaf is not in the current snapshot any more.
func (l *leaf) retire() {
	l.stale.Store(true)
	if l.raw.Load() != nil {
		l.packer.release(l.size)
	}
	l.packer.release(l.derived())
}
