package store

import (
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/k8cache/k8cache/internal/serialize"
)

// Snapshot is a collection as it was at one version. It never changes.
//
// An Object taken from it may be part of a larger piece of memory: who keeps
// it for long should keep a Clone.
type Snapshot struct {
	tree    tree
	version uint64
	length  int
	bytes   int64
	events  int           // how many events there were before
	next    chan struct{} // closed when a newer snapshot is there

	selecting sync.Once
	all       []piece // made when first asked for
}

// ResourceVersion is the version that the snapshot shows.
func (s *Snapshot) ResourceVersion() uint64 { return s.version }

// Len is the number of objects.
func (s *Snapshot) Len() int { return s.length }

// Bytes is the number of the objects' bytes as JSON.
func (s *Snapshot) Bytes() int64 { return s.bytes }

// leaves are the snapshot's leaves in key order; none if there is no snapshot.
func (s *Snapshot) leaves() iter.Seq[*leaf] {
	if s == nil {
		return func(func(*leaf) bool) {}
	}
	return s.tree.leaves()
}

// Get returns one object; namespace is empty for one that is in none.
func (s *Snapshot) Get(namespace, name string) (serialize.Object, bool) {
	l, i, ok := s.search(namespace, name)
	if !ok {
		return serialize.Object{}, false
	}
	return l.object(i), true
}

// Find returns what is known of one object without its bytes, which costs no
// unpacking.
func (s *Snapshot) Find(namespace, name string) (serialize.Ref, bool) {
	l, i, ok := s.search(namespace, name)
	if !ok {
		return serialize.Ref{}, false
	}
	return l.refs[i], true
}

// search returns the leaf that has an object, and its position.
func (s *Snapshot) search(namespace, name string) (*leaf, int, bool) {
	key := name
	if namespace != "" {
		key = namespace + "/" + name
	}
	return s.tree.search(key)
}

// All are all objects.
func (s *Snapshot) All() View {
	s.selecting.Do(func() {
		s.all = make([]piece, 0, s.tree.slots.Len())
		for l := range s.leaves() {
			s.all = append(s.all, wholeOf(l))
		}
	})
	return newView(s.all)
}

// In are the objects of some namespaces, in etcd key order. It costs what the
// answer costs, however large the rest is.
func (s *Snapshot) In(namespaces ...string) View {
	prefixes := make([]string, len(namespaces))
	for i, namespace := range namespaces {
		prefixes[i] = namespace + "/"
	}
	slices.Sort(prefixes)
	var pieces []piece
	for _, prefix := range slices.Compact(prefixes) {
		pieces = s.appendPrefix(pieces, prefix)
	}
	return newView(pieces)
}

// appendPrefix appends the objects whose keys begin with prefix, which are
// greater than all that pieces have.
func (s *Snapshot) appendPrefix(pieces []piece, prefix string) []piece {
	for l := range s.tree.from(prefix) {
		from, _ := l.search(prefix)
		to := from
		for to < len(l.refs) && strings.HasPrefix(l.refs[to].Key(), prefix) {
			to++
		}
		if from < to {
			pieces = appendPiece(pieces, piece{leaf: l, from: from, to: to})
		}
		if from < len(l.refs) && to < len(l.refs) {
			break
		}
	}
	return pieces
}

// Namespaces are the namespaces that have objects, in the order of keys. It
// yields one empty string for objects that are in none.
func (s *Snapshot) Namespaces() iter.Seq[string] {
	return func(yield func(string) bool) {
		last, any := "", false
		for l := range s.leaves() {
			refs := l.refs
			if refs[0].Namespace() == refs[len(refs)-1].Namespace() {
				refs = refs[:1]
			}
			for _, r := range refs {
				if namespace := r.Namespace(); namespace != last || !any {
					if last, any = namespace, true; !yield(namespace) {
						return
					}
				}
			}
		}
	}
}
