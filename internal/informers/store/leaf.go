package store

import (
	"slices"
	"strings"
	"sync/atomic"

	"github.com/k8cache/k8cache/internal/serialize"
)

// leaf is a run of neighbours in key order. It never changes; a change makes
// another leaf. What is derived from it is made when first asked for and kept.
//
// A namespace of some size has leaves of its own, so that a caller's
// namespaces pick whole leaves. Small namespaces share leaves: by themselves
// they would hardly deflate (see packing.go).
type leaf struct {
	parcel

	fingerprint uint64
	forms       forms
	sketch      atomic.Pointer[serialize.Block] // see Sketch; kept while the leaf is
	memories    atomic.Pointer[[]*memory]
}

var (
	_ serialize.Part   = (*leaf)(nil)
	_ serialize.Keeper = (*leaf)(nil)
)

// newLeaf makes a leaf of objects whose bytes are at hand.
func newLeaf(packer *Packer, objects []serialize.Object) *leaf {
	l := new(leaf)
	l.init(packer, objects)
	l.sum()
	packer.charge(l.size)
	return l
}

// newPackedLeaf makes a leaf of the objects of which block was made.
func newPackedLeaf(packer *Packer, refs []serialize.Ref, block serialize.Block) *leaf {
	l := new(leaf)
	l.initPacked(packer, refs, block)
	l.sum()
	return l
}

// sum sets the leaf's fingerprint.
func (l *leaf) sum() {
	for _, r := range l.refs {
		l.fingerprint += r.Fingerprint()
	}
}

// first is the lowest key.
func (l *leaf) first() string { return l.refs[0].Key() }

// last is the highest key.
func (l *leaf) last() string { return l.refs[len(l.refs)-1].Key() }

// search finds the object with key, or the place where it would stand.
func (l *leaf) search(key string) (int, bool) {
	return slices.BinarySearchFunc(l.refs, key, compareKey)
}

// compareKey orders refs by key.
func compareKey(r serialize.Ref, key string) int { return strings.Compare(r.Key(), key) }

// bytes is the size of the objects without the commas between.
func (l *leaf) bytes() int64 { return l.size - int64(len(l.refs)-1) }

// Keep returns the block of a form, made when first asked for.
func (l *leaf) Keep(form serialize.Form, deflate func() (serialize.Block, error)) (serialize.Block, error) {
	l.touch()
	return l.forms.keep(form, l.packer, deflate)
}
