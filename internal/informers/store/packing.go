package store

import (
	"slices"

	"github.com/k8cache/k8cache/internal/serialize"
)

// What a leaf should be, in bytes of JSON and in objects.
const (
	// fullLeaf is when a leaf is full. 4,000 pods of 7.4 kB, level 3, one core:
	//
	//	leaf      ratio   deflate a leaf   inflate it
	//	 32 KiB    10.6          0.10 ms      0.06 ms
	//	 64 KiB    16.4          0.14 ms      0.08 ms
	//	128 KiB    23.4          0.25 ms      0.12 ms
	//	256 KiB    29.4          0.46 ms      0.20 ms
	//	512 KiB    33.3          0.91 ms      0.33 ms
	//
	// A changed object costs one deflating and one inflating, a resting one
	// its share of the ratio.
	fullLeaf = 128 << 10
	// fullCount is the same in objects, for tiny ones: a change copies them.
	fullCount = 256
	// ownLeaf is how large a namespace must be to have leaves of its own.
	// 4,000 namespaces of one config map of 1.65 kB take 1,297 bytes each in
	// leaves of their own, and 75 in full leaves that they share.
	ownLeaf = 32 << 10
	// sharedLeaf is when a leaf of several namespaces is full: a caller of one
	// of them has to inflate what stands before it. The config maps take 93
	// bytes each then.
	sharedLeaf = 64 << 10
)

// packing makes packed leaves of objects that come in key order, holding no
// more than one leaf's bytes at a time.
type packing struct {
	packer *Packer
	leaves []*leaf
	bytes  int64 // of the deflated leaves

	refs   []serialize.Ref
	joined []byte // the refs' objects, each followed by a comma
	own    int    // where the last object's namespace begins in refs
	ownAt  int    // and in joined
	tail   bool   // there are leaves of that namespace alone already

	old    []*leaf // leaves of the world before that are still to come
	wanted *leaf   // the old leaf that refs have equalled so far
}

// add takes the next object. Its bytes are copied.
func (p *packing) add(o serialize.Object) {
	p.meetOld(o)
	p.cutBefore(o)
	if p.wanted != nil && !p.wanted.refs[len(p.refs)].Same(o.Ref) {
		p.wanted = nil
	}
	p.refs = append(p.refs, o.Ref)
	p.joined = append(append(p.joined, o.Bytes()...), ',')
	if p.wanted != nil && len(p.refs) == len(p.wanted.refs) {
		p.leaves, p.tail = append(p.leaves, p.wanted), !p.wanted.shared() && p.wanted.size >= ownLeaf
		p.reset(len(p.refs), len(p.joined))
	}
}

// meetOld ends the leaf being made where an old leaf begins with o, unless it
// is too small yet: so leaves in which nothing changed come out as the very
// leaves that there were, with all that they remember.
func (p *packing) meetOld(o serialize.Object) {
	for len(p.old) > 0 && p.old[0].first() < o.Key() {
		p.old = p.old[1:]
	}
	if len(p.old) == 0 || p.old[0].first() != o.Key() || !p.old[0].refs[0].Same(o.Ref) {
		return
	}
	if len(p.refs) > 0 && len(p.joined) < ownLeaf {
		return
	}
	p.flush(len(p.refs), len(p.joined))
	p.wanted = p.old[0]
}

// cutBefore flushes what should not be in one leaf with o: a namespace is with
// others in one leaf, or in leaves of its own down to the last.
func (p *packing) cutBefore(o serialize.Object) {
	if len(p.refs) == 0 || p.wanted != nil && p.wanted.refs[len(p.refs)].Same(o.Ref) {
		return
	}
	if p.refs[len(p.refs)-1].Namespace() != o.Namespace() {
		if p.tail || len(p.joined)-p.ownAt >= ownLeaf {
			p.flush(len(p.refs), len(p.joined))
		}
		p.own, p.ownAt, p.tail = len(p.refs), len(p.joined), false
	}
	size := len(p.joined) + o.Size()
	if p.own > 0 && (size > sharedLeaf || len(p.refs) == fullCount || size-p.ownAt >= ownLeaf) {
		p.flush(p.own, p.ownAt)
	}
	if len(p.joined)+o.Size() > fullLeaf || len(p.refs) == fullCount {
		p.flush(len(p.refs), len(p.joined))
		p.tail = true
	}
}

// flush makes a leaf of the first n objects, which take size bytes of joined.
func (p *packing) flush(n, size int) {
	if n == 0 {
		return
	}
	block := serialize.Deflate(p.joined[:size-1])
	p.bytes += int64(len(block.Data))
	l := newPackedLeaf(p.packer, p.refs[:n], block)
	if p.packer.sketch != nil {
		l.draw(split(make([][]byte, 0, n), p.joined, p.refs[:n]))
	}
	p.leaves = append(p.leaves, l)
	p.reset(n, size)
}

// reset forgets the first n objects.
func (p *packing) reset(n, size int) {
	p.refs = slices.Delete(p.refs, 0, n)
	p.joined = append(p.joined[:0], p.joined[size:]...)
	p.own, p.ownAt, p.wanted = 0, 0, nil
}

// finish flushes the rest and returns the leaves.
func (p *packing) finish() []*leaf {
	p.flush(len(p.refs), len(p.joined))
	return p.leaves
}
