package store

import (
	"errors"
	"slices"
	"strings"

	"github.com/k8cache/k8cache/internal/serialize"
)

// ErrFull says that a list is larger than the collection may become.
var ErrFull = errors.New("collection is full")

// maxStray is how many bytes of objects that came out of order are kept before
// they are packed by themselves.
const maxStray = 8 << 20

// Builder takes the objects of a list, in any order; the last one of a key
// wins. In key order, which is that of lists and of watches that begin with
// the current state, it deflates them leaf by leaf as they come.
//
// It keeps nothing of an object's memory: the bytes that Parse was given may
// be used again after Add.
type Builder struct {
	limit   int64
	old     []*leaf
	main    packing
	last    string
	strays  []serialize.Object
	stray   int64
	packed  int64
	batches [][]*leaf
}

// Add adds an object. It fails with ErrFull.
func (b *Builder) Add(o serialize.Object) error {
	if b.main.bytes+b.packed+b.stray > b.limit {
		return ErrFull
	}
	if o.Key() > b.last {
		b.last = o.Key()
		b.main.add(o)
		return nil
	}
	b.strays = append(b.strays, o.Clone())
	if b.stray += int64(o.Size()); b.stray > maxStray {
		b.packStrays()
	}
	return nil
}

// packStrays makes a batch of the strays.
func (b *Builder) packStrays() {
	slices.SortStableFunc(b.strays, func(x, y serialize.Object) int { return strings.Compare(x.Key(), y.Key()) })
	p := packing{packer: b.main.packer}
	for i, o := range b.strays {
		if i+1 == len(b.strays) || b.strays[i+1].Key() != o.Key() { // the last one of a key wins
			p.add(o)
		}
	}
	b.batches = append(b.batches, p.finish())
	b.packed += p.bytes
	b.strays, b.stray = nil, 0
}

// finish returns the leaves of all objects.
func (b *Builder) finish() []*leaf {
	leaves := b.main.finish()
	if len(b.strays) > 0 {
		b.packStrays()
	}
	if len(b.batches) == 0 {
		return leaves
	}
	batches := append([][]*leaf{leaves}, b.batches...)
	b.discard(batches)
	p := packing{packer: b.main.packer, old: b.old}
	for o := range merge(batches) {
		p.add(o)
	}
	return p.finish()
}

// discard notes that leaves will be read once more and then dropped, but for
// those of the old world, which lives on.
func (b *Builder) discard(batches [][]*leaf) {
	kept := map[*leaf]bool{}
	for _, l := range b.old {
		kept[l] = true
	}
	for _, l := range slices.Concat(batches...) {
		if !kept[l] {
			l.retire()
		}
	}
}
