package store

import (
	"iter"
	"slices"
	"sort"

	"github.com/k8cache/k8cache/internal/serialize"
)

// View is a selection of a snapshot's objects, in etcd key order.
type View struct {
	objects []serialize.Object
}

// Len is the number of objects.
func (v View) Len() int { return len(v.objects) }

// Parts are the objects as runs of list items.
func (v View) Parts() iter.Seq[serialize.Part] {
	return func(yield func(serialize.Part) bool) {
		for run := range slices.Chunk(v.objects, 32) {
			if !yield(serialize.Items(run)) {
				return
			}
		}
	}
}

// Objects are the objects one by one.
func (v View) Objects() iter.Seq[serialize.Object] { return slices.Values(v.objects) }

// Filter keeps the objects that keep says yes to.
func (v View) Filter(keep func(serialize.Object) bool) View {
	var objects []serialize.Object
	for _, o := range v.objects {
		if keep(o) {
			objects = append(objects, o)
		}
	}
	return View{objects: objects}
}

// After are the objects whose keys are greater than key.
func (v View) After(key string) View {
	i := sort.Search(len(v.objects), func(i int) bool { return v.objects[i].Key() > key })
	return View{objects: v.objects[i:]}
}

// Limit are the first n objects.
func (v View) Limit(n int) View { return View{objects: v.objects[:min(n, len(v.objects))]} }
