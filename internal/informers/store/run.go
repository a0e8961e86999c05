package store

import "github.com/k8cache/k8cache/internal/serialize"

// Run is what a view has of one leaf. Objects are named by their positions in
// the leaf.
type Run struct{ piece }

// Runs is the number of runs of the view.
func (v View) Runs() int { return len(v.pieces) }

// Run is run number i of the view.
func (v View) Run(i int) Run { return Run{v.pieces[i]} }

// ViewOf is the view of runs, which must be of one snapshot and in its order.
func ViewOf(runs []Run) View {
	pieces := make([]piece, len(runs))
	for i, r := range runs {
		pieces[i] = r.piece
	}
	return newView(pieces)
}

// Len is the number of objects.
func (r Run) Len() int { return r.len() }

// At is the position of object i of the run.
func (r Run) At(i int) int { return r.at(i) }

// Whole says whether the run is all of its leaf.
func (r Run) Whole() bool { return r.whole() }

// LeafLen is the number of objects of the leaf.
func (r Run) LeafLen() int { return len(r.leaf.refs) }

// Ref is the object at a position of the leaf, without its bytes.
func (r Run) Ref(at int) serialize.Ref { return r.leaf.refs[at] }

// Objects are those at positions of the leaf.
func (r Run) Objects(at []int) []serialize.Object {
	last := 0
	for _, i := range at {
		last = max(last, i)
	}
	bodies := r.leaf.open(last + 1).bodies
	objects := make([]serialize.Object, len(at))
	for n, i := range at {
		objects[n] = r.leaf.refs[i].Object(bodies[i])
	}
	return objects
}

// Pick is the run with only the objects at these positions, which ascend and
// are at least one.
func (r Run) Pick(at []int) Run { return Run{piece{leaf: r.leaf, picks: at}} }

// Recall returns what the leaf remembers under a key, or nil.
func (r Run) Recall(key string) Derived { return r.leaf.recall(key) }

// Remember makes the leaf remember what was made of it without its bytes, if
// there is room.
func (r Run) Remember(key string, value Derived) {
	r.leaf.computing.Lock()
	defer r.leaf.computing.Unlock()
	if r.leaf.recall(key) == nil {
		r.leaf.rememberLocked(key, value)
	}
}
