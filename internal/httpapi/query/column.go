package query

import (
	"encoding/json"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// column is what stands at one path in the objects of a leaf, as raw JSON, or
// the empty text. Neighbours often have the same: each is kept once. Of a wild
// path it is the array of all that is there.
type column struct {
	texts []string
	rows  []uint16
}

// Bytes is the memory that the column takes.
func (c *column) Bytes() int64 {
	n := int64(2*len(c.rows)) + 80
	for _, text := range c.texts {
		n += int64(len(text)) + 16
	}
	return n
}

// column is the recipe of the column at the path.
func (p Path) column() store.Recipe {
	return store.Recipe{Key: memoryKey("column", p.text), Reads: p.reads(), Make: func(refs []serialize.Ref, bodies [][]byte) store.Derived {
		c := &column{rows: make([]uint16, len(refs))}
		known := map[string]uint16{}
		var room []byte
		for i, ref := range refs {
			var body []byte
			if bodies != nil {
				body = bodies[i]
			}
			room = p.appendRaw(room[:0], ref, body)
			number, ok := known[string(room)]
			if !ok {
				number = uint16(len(c.texts)) //nolint:gosec // a leaf has far fewer objects
				text := string(room)
				known[text] = number
				c.texts = append(c.texts, text)
			}
			c.rows[i] = number
		}
		return c
	}}
}

// appendRaw appends what stands at the path.
func (p Path) appendRaw(dst []byte, ref serialize.Ref, body []byte) []byte {
	if own, ok := p.own(ref); ok {
		quoted, err := json.Marshal(own)
		if own == "" || err != nil { // an object in no namespace has no such member
			return dst
		}
		return append(dst, quoted...)
	}
	if !p.Wild() {
		return append(dst, p.first(body)...)
	}
	dst = append(dst, '[')
	p.find(body, func(raw []byte) bool {
		if dst[len(dst)-1] != '[' {
			dst = append(dst, ',')
		}
		dst = append(dst, raw...)
		return true
	})
	return append(dst, ']')
}

// own is what a Ref knows of what stands at the path.
func (p Path) own(ref serialize.Ref) (string, bool) {
	switch {
	case p.is("metadata", "name"):
		return ref.Name(), true
	case p.is("metadata", "namespace"):
		return ref.Namespace(), true
	}
	return "", false
}

// reads is how much of an object the path has to be looked up in.
func (p Path) reads() store.Reads {
	switch {
	case p.is("metadata", "name"), p.is("metadata", "namespace"):
		return store.ReadsRefs
	case sketched(p):
		return store.ReadsSketch
	}
	return store.ReadsAll
}
