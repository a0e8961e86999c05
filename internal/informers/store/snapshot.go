package store

import (
	"iter"
	"slices"

	"github.com/k8cache/k8cache/internal/serialize"
)

// Snapshot is a collection as it was at one version. It never changes.
type Snapshot struct {
	objects []serialize.Object
	version uint64
	next    chan struct{}
}

// ResourceVersion is the version that the snapshot shows.
func (s *Snapshot) ResourceVersion() uint64 { return s.version }

// Len is the number of objects.
func (s *Snapshot) Len() int { return len(s.objects) }

// Bytes is the number of the objects' bytes.
func (s *Snapshot) Bytes() int64 {
	var n int64
	for _, o := range s.objects {
		n += int64(o.Size())
	}
	return n
}

// Get returns one object; namespace is empty for one that is in none.
func (s *Snapshot) Get(namespace, name string) (serialize.Object, bool) {
	key := name
	if namespace != "" {
		key = namespace + "/" + name
	}
	i, found := slices.BinarySearchFunc(s.objects, key, byKey)
	if !found {
		return serialize.Object{}, false
	}
	return s.objects[i], true
}

// All are all objects.
func (s *Snapshot) All() View { return View{objects: s.objects} }

// In are the objects of some namespaces, in etcd key order.
func (s *Snapshot) In(namespaces ...string) View {
	return s.All().Filter(func(o serialize.Object) bool { return slices.Contains(namespaces, o.Namespace()) })
}

// Namespaces are the namespaces that have objects, in key order.
func (s *Snapshot) Namespaces() iter.Seq[string] {
	return func(yield func(string) bool) {
		last := ""
		for _, o := range s.objects {
			if ns := o.Namespace(); ns != last {
				if last = ns; !yield(ns) {
					return
				}
			}
		}
	}
}
