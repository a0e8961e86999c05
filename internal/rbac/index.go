package rbac

import (
	"maps"
	"slices"
)

// index finds the bindings that mean somebody. It is immutable; the next one shares every list that no changed binding
// stands in, so that a change costs the walk over the names of its subjects and not one over all bindings.
type index map[subject][]*binding

// next returns the index after a change.
func (x index) next(diff change[*binding]) index {
	if len(diff.removed) == 0 && len(diff.added) == 0 {
		return x
	}
	next := maps.Clone(x)
	if next == nil {
		next = index{}
	}
	gone := make(map[*binding]bool, len(diff.removed))
	touched := map[subject]bool{}
	for _, b := range diff.removed {
		gone[b] = true
		for _, s := range b.subjects {
			touched[s] = true
		}
	}
	for s := range touched {
		next[s] = slices.DeleteFunc(slices.Clone(next[s]), func(b *binding) bool { return gone[b] })
		if len(next[s]) == 0 {
			delete(next, s)
		}
	}
	for _, b := range diff.added {
		next.add(b, touched)
	}
	return next
}

// add puts a binding under its subjects, each once. Lists that are not touched yet still belong to the index before.
func (x index) add(b *binding, touched map[subject]bool) {
	for _, s := range b.subjects {
		list := x[s]
		if len(list) > 0 && list[len(list)-1] == b {
			continue // a subject named twice
		}
		if !touched[s] {
			list, touched[s] = slices.Clone(list), true
		}
		x[s] = append(list, b)
	}
}
