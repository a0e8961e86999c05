package store

import (
	"iter"
	"slices"
	"sync"

	"github.com/k8cache/k8cache/internal/serialize"
)

// View is a selection of a snapshot's objects, in etcd key order. Its methods
// give other views; it never changes itself.
type View struct {
	pieces      []piece
	plain, slim *parts
}

// parts are a view's parts in one form, made once: a list asks for them more
// than once, and what they deflate is kept in them.
type parts struct {
	once sync.Once
	list []serialize.Part
}

// newView is the view of pieces.
func newView(pieces []piece) View { return View{pieces: pieces, plain: new(parts), slim: new(parts)} }

// Len is the number of objects.
func (v View) Len() int {
	n := 0
	for _, p := range v.pieces {
		n += p.len()
	}
	return n
}

// Fingerprint stands for the versions and the bytes of all objects in the
// view, and for nothing else. It is not a secret that anyone could not guess.
func (v View) Fingerprint() uint64 {
	var sum uint64
	for _, p := range v.pieces {
		if p.whole() {
			sum += p.leaf.fingerprint
			continue
		}
		for i := range p.len() {
			sum += p.ref(i).Fingerprint()
		}
	}
	return sum
}

// Parts are the objects as runs of list items.
func (v View) Parts() iter.Seq[serialize.Part] { return v.plain.of(v.pieces, false) }

// SlimParts are the objects without managedFields as runs of list items.
func (v View) SlimParts() iter.Seq[serialize.Part] { return v.slim.of(v.pieces, true) }

// of yields the parts of pieces, slim or plain.
func (p *parts) of(pieces []piece, slim bool) iter.Seq[serialize.Part] {
	return func(yield func(serialize.Part) bool) {
		if len(pieces) == 0 {
			return
		}
		p.once.Do(func() {
			for _, piece := range pieces {
				p.list = append(p.list, piece.part(slim))
			}
		})
		for _, part := range p.list {
			if !yield(part) {
				return
			}
		}
	}
}

// Refs are the objects without their bytes: they cost no unpacking.
func (v View) Refs() iter.Seq[serialize.Ref] {
	return func(yield func(serialize.Ref) bool) {
		for _, p := range v.pieces {
			for i := range p.len() {
				if !yield(p.ref(i)) {
					return
				}
			}
		}
	}
}

// Objects are the objects one by one.
func (v View) Objects() iter.Seq[serialize.Object] {
	return func(yield func(serialize.Object) bool) {
		for _, p := range v.pieces {
			for _, o := range p.objects() {
				if !yield(o) {
					return
				}
			}
		}
	}
}

// Filter are the objects that keep says yes to. It costs no unpacking.
func (v View) Filter(keep func(serialize.Ref) bool) View {
	var pieces []piece
	for _, p := range v.pieces {
		var picks []int
		for i := range p.len() {
			if keep(p.ref(i)) {
				picks = append(picks, p.at(i))
			}
		}
		switch len(picks) {
		case 0:
		case p.len():
			pieces = append(pieces, p)
		default:
			pieces = append(pieces, piece{leaf: p.leaf, picks: picks})
		}
	}
	return newView(pieces)
}

// After are the objects whose keys are greater than key.
func (v View) After(key string) View {
	n, _ := slices.BinarySearchFunc(v.pieces, key, func(p piece, key string) int { return before(p.last() <= key) })
	if n == len(v.pieces) {
		return View{}
	}
	pieces := slices.Clone(v.pieces[n:])
	pieces[0] = pieces[0].after(key)
	return newView(pieces)
}

// Limit are the first n objects.
func (v View) Limit(n int) View {
	for i, p := range v.pieces {
		if n <= p.len() {
			pieces := v.pieces[:i:i]
			if n > 0 {
				pieces = append(pieces, p.slice(0, n))
			}
			return newView(pieces)
		}
		n -= p.len()
	}
	return v
}

// Skip are the objects after the first n.
func (v View) Skip(n int) View {
	for i, p := range v.pieces {
		if n < p.len() {
			pieces := slices.Clone(v.pieces[i:])
			pieces[0] = p.slice(n, p.len())
			return newView(pieces)
		}
		n -= p.len()
	}
	return newView(nil)
}
