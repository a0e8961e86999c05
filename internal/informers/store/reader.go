package store

import (
	"bytes"

	"github.com/k8cache/k8cache/internal/serialize"
)

// Recipe says how something is made of a leaf's objects.
type Recipe struct {
	// Key names it among all that leaves remember: equal keys, equal results.
	Key string
	// Reads says what Make looks at.
	Reads Reads
	// Make makes it of the leaf's objects. It must neither keep nor change the
	// bodies, which are missing where it only reads refs.
	Make func(refs []serialize.Ref, bodies [][]byte) Derived
}

// Reads is how much of an object a recipe looks at.
type Reads int

const (
	// ReadsAll is all of its bytes.
	ReadsAll Reads = iota
	// ReadsSketch is what PackerOptions.Sketch keeps. There may be more.
	ReadsSketch
	// ReadsRefs is what a Ref has.
	ReadsRefs
)

// Reader derives things from one leaf after the other, in memory that it uses
// again. It is for one goroutine; the zero value is ready.
//
// Reading leaves no leaf unpacked: one query over all must not push out what
// is in use.
type Reader struct {
	leaf             *leaf
	bodies, sketches [][]byte // of the leaf, empty while not read
	body, sketch     []byte   // room for them
}

// Derive is what the recipe makes of all objects of the run's leaf: what the
// leaf remembers, or made now and remembered if there is room.
func (r *Reader) Derive(run Run, recipe Recipe) Derived {
	l := run.leaf
	if known := l.recall(recipe.Key); known != nil {
		return known
	}
	l.packer.makeRoom()
	l.computing.Lock()
	defer l.computing.Unlock()
	if known := l.recall(recipe.Key); known != nil {
		return known
	}
	made := recipe.Make(l.refs, r.read(l, recipe.Reads))
	l.rememberLocked(recipe.Key, made)
	return made
}

// read returns what is to be read of a leaf's objects.
func (r *Reader) read(l *leaf, reads Reads) [][]byte {
	if r.leaf != l {
		r.leaf, r.bodies, r.sketches = l, r.bodies[:0], r.sketches[:0]
	}
	sketch := l.sketch.Load()
	switch {
	case reads == ReadsRefs:
		return nil
	case reads == ReadsAll, sketch == nil, l.raw.Load() != nil, len(r.bodies) > 0:
		if len(r.bodies) == 0 {
			r.readBodies(l)
		}
		return r.bodies
	case len(r.sketches) == 0:
		r.sketch = sketch.Inflate(r.sketch)
		for rest := r.sketch; len(r.sketches) < len(l.refs); {
			end := bytes.IndexByte(rest, sketchEnd)
			r.sketches, rest = append(r.sketches, rest[:end:end]), rest[end+1:]
		}
	}
	return r.sketches
}

// readBodies reads the leaf's objects.
func (r *Reader) readBodies(l *leaf) {
	if raw := l.raw.Load(); raw != nil {
		r.bodies = append(r.bodies, raw.bodies...)
		return
	}
	r.body = l.block.Load().Inflate(r.body)
	r.bodies = split(r.bodies, r.body, l.refs)
}

// Read returns what is to be read of the objects of the run's leaf, to be used
// before the next call.
func (r *Reader) Read(run Run, reads Reads) [][]byte { return r.read(run.leaf, reads) }

// Objects are those at positions of the run's leaf, in memory of their own.
func (r *Reader) Objects(run Run, at []int) []serialize.Object {
	bodies := r.read(run.leaf, ReadsAll)
	objects := make([]serialize.Object, len(at))
	for n, i := range at {
		objects[n] = run.leaf.refs[i].Object(bodies[i]).Clone()
	}
	return objects
}
