package store

import "github.com/k8cache/k8cache/internal/serialize"

// Sketch appends what of an object is worth reading without unpacking it, as
// JSON.
type Sketch func(dst, object []byte) []byte

// sketchEnd ends each sketch of a leaf: JSON has no such byte.
const sketchEnd = 0

// draw makes the leaf's sketch of its objects, unless it would save little.
func (l *leaf) draw(bodies [][]byte) {
	if l.packer.sketch == nil || l.sketch.Load() != nil {
		return
	}
	var all []byte
	for _, body := range bodies {
		all = append(l.packer.sketch(all, body), sketchEnd)
	}
	if int64(len(all)) > l.size/2 {
		return
	}
	block := serialize.Deflate(all)
	l.sketch.Store(&block)
}

// pack drops the bytes, with all forms made first that are read without them,
// and returns how many.
func (l *leaf) pack() int64 {
	if raw := l.raw.Load(); raw != nil && !l.stale.Load() {
		l.draw(raw.bodies)
	}
	return l.parcel.pack()
}
