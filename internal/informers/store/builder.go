package store

import (
	"maps"
	"slices"

	"github.com/k8cache/k8cache/internal/serialize"
)

// Builder takes the objects of a list, in any order; the last one of a key
// wins. It keeps nothing of an object's memory: the bytes that Parse was given
// may be used again after Add.
type Builder struct {
	objects map[string]serialize.Object
}

// Add adds an object.
func (b *Builder) Add(o serialize.Object) error {
	b.objects[o.Key()] = o.Clone()
	return nil
}

func (b *Builder) sorted() []serialize.Object {
	objects := make([]serialize.Object, 0, len(b.objects))
	for _, key := range slices.Sorted(maps.Keys(b.objects)) {
		objects = append(objects, b.objects[key])
	}
	return objects
}
