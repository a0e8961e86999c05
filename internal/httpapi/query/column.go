package query

import (
	"encoding/json"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// column is what stands at one path in the objects of a leaf, as raw JSON, or
// the empty text. Of a wild path it is the array of all that is there.
type column = distinct[string]

// column is the recipe of the column at the path.
func (p Path) column() store.Recipe { return distinctly[string](p, "column", p.appendRaw) }

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
	first := len(dst)
	p.find(body, func(raw []byte) bool {
		if len(dst) > first {
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
