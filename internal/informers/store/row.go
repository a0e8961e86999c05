package store

import (
	"iter"

	"github.com/tidwall/gjson"

	"github.com/k8cache/k8cache/internal/serialize"
)

// Row is one object of a view while the view is gone through. It belongs to
// the goroutine that goes.
type Row struct {
	*reading
	at int
}

// reading is what the rows of one leaf share: the leaf is unpacked once if any
// of them is asked for its bytes, and not at all if none is.
type reading struct {
	leaf    *leaf
	raw     *raw
	columns []*column
}

// Ref is the object without its bytes.
func (r Row) Ref() serialize.Ref { return r.leaf.refs[r.at] }

// Value is the object's value at path number i of those that the rows were
// asked for. The leaf remembers it: it costs no unpacking the second time.
func (r Row) Value(i int) gjson.Result { return r.columns[i].value(r.at) }

// Object is the object.
func (r Row) Object() serialize.Object {
	if r.raw == nil {
		r.raw = r.leaf.open(len(r.leaf.refs))
	}
	return r.leaf.refs[r.at].Object(r.raw.bodies[r.at])
}

// Rows are the objects with their values at the given gjson paths at hand.
// What comes from a caller must be escaped before it becomes part of a path.
func (v View) Rows(paths ...string) iter.Seq[Row] {
	return func(yield func(Row) bool) {
		for _, p := range v.pieces {
			r := &reading{leaf: p.leaf, columns: p.leaf.columnsAt(paths)}
			for i := range p.len() {
				if !yield(Row{reading: r, at: p.at(i)}) {
					return
				}
			}
		}
	}
}

// Select are the objects that keep says yes to, seeing them as Rows does.
func (v View) Select(keep func(Row) bool, paths ...string) View {
	var pieces []piece
	for _, p := range v.pieces {
		r := &reading{leaf: p.leaf, columns: p.leaf.columnsAt(paths)}
		var picks []int
		for i := range p.len() {
			if keep(Row{reading: r, at: p.at(i)}) {
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
