package store

import (
	"iter"

	"github.com/k8cache/k8cache/internal/serialize"
)

// row is one object of a view while the view is gone through by one goroutine.
type row struct {
	*reading
	at int
}

// reading is what the rows of one leaf share: the leaf is unpacked once if any
// of them is asked for its bytes, and not at all if none is.
type reading struct {
	leaf *leaf
	raw  *raw
}

// ref is the object without its bytes.
func (r row) ref() serialize.Ref { return r.leaf.refs[r.at] }

// object is the object.
func (r row) object() serialize.Object {
	if r.raw == nil {
		r.raw = r.leaf.open(len(r.leaf.refs))
	}
	return r.ref().Object(r.raw.bodies[r.at])
}

// rows are the objects of a view.
func (v View) rows() iter.Seq[row] {
	return func(yield func(row) bool) {
		for _, p := range v.pieces {
			r := &reading{leaf: p.leaf}
			for i := range p.len() {
				if !yield(row{reading: r, at: p.at(i)}) {
					return
				}
			}
		}
	}
}
