package query

import (
	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// Parts are the objects of a view cut down to the fields, as runs of list
// items. Of whole leaves they are remembered.
func (f Fields) Parts(view store.View, slim bool) []serialize.Part {
	parts := make([]serialize.Part, view.Runs())
	recipe := f.recipe(slim)
	each(len(parts), packedAlone, func(_, from, to int, reader *store.Reader) {
		for i := from; i < to; i++ {
			run := view.Run(i)
			if run.Whole() {
				parts[i], _ = reader.Derive(run, recipe).(*part)
				continue
			}
			refs, bodies := make([]serialize.Ref, run.Len()), make([][]byte, run.Len())
			all := reader.Read(run, recipe.Reads)
			for n := range refs {
				refs[n], bodies[n] = run.Ref(run.At(n)), all[run.At(n)]
			}
			parts[i], _ = recipe.Make(refs, bodies).(*part)
		}
	})
	return parts
}

// Item is what the query leaves of an object in a list.
func (q Query) Item(o serialize.Object) serialize.Object {
	if q.Slim {
		o = o.Slim()
	}
	if q.Fields.Everything() {
		return o
	}
	ref := o.Ref
	return ref.Object(q.Fields.Cut(nil, o.Bytes()))
}

// Object is what the query leaves of an object by itself, which keeps its type.
func (q Query) Object(o serialize.Object) serialize.Object {
	q.Fields.mask = q.Fields.typed
	return q.Item(o)
}

// recipe is that of a leaf's objects cut down.
func (f Fields) recipe(slim bool) store.Recipe {
	r := store.Recipe{Key: memoryKey("fields", f.text), Reads: store.ReadsAll}
	if f.sketched {
		r.Reads = store.ReadsSketch
		slim = false // nothing in the sketch is managed fields
	}
	if slim {
		r.Key = "slim " + r.Key
	}
	r.Make = func(refs []serialize.Ref, bodies [][]byte) store.Derived {
		var joined, room []byte
		for i, body := range bodies {
			if i > 0 {
				joined = append(joined, ',')
			}
			if slim {
				room = refs[i].Object(body).AppendSlim(room[:0])
				body = room
			}
			joined = f.Cut(joined, body)
		}
		return &part{n: len(refs), block: serialize.Deflate(joined)}
	}
	return r
}

// part is a run of items that were cut down.
type part struct {
	n     int
	block serialize.Block
}

var (
	_ serialize.Part = (*part)(nil)
	_ store.Derived  = (*part)(nil)
)

// Bytes is the memory that the part takes.
func (p *part) Bytes() int64 { return int64(len(p.block.Data)) + 80 }

// Len is the number of items.
func (p *part) Len() int { return p.n }

// JoinedSize is the size of the items with commas between.
func (p *part) JoinedSize() int64 { return p.block.Size }

// Joined are the items with commas between.
func (p *part) Joined(room []byte) []byte { return p.block.Inflate(room) }

// Deflated is the items as a block.
func (p *part) Deflated() serialize.Block { return p.block }
