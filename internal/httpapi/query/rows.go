package query

import (
	"math/bits"

	"github.com/k8cache/k8cache/internal/informers/store"
)

// rows is a set of objects of one leaf. Nil is all of them.
type rows []uint64

var _ store.Derived = rows(nil)

// noRows is the empty set in a leaf of n objects.
func noRows(n int) rows { return make(rows, (n+63)/64) }

// allRows is the full set in a leaf of n objects.
func allRows(n int) rows {
	r := noRows(n)
	for i := range n {
		r.add(i)
	}
	return r
}

// rowsOf is what a run has of its leaf.
func rowsOf(run store.Run) rows {
	if run.Whole() {
		return nil
	}
	r := noRows(run.LeafLen())
	for i := range run.Len() {
		r.add(run.At(i))
	}
	return r
}

func (r rows) add(i int)      { r[i/64] |= 1 << (i % 64) }
func (r rows) has(i int) bool { return r == nil || r[i/64]>>(i%64)&1 == 1 }

// and is what is in both.
func (r rows) and(other rows) rows {
	if r == nil {
		return other
	}
	if other == nil {
		return r
	}
	both := make(rows, len(r))
	for i := range r {
		both[i] = r[i] & other[i]
	}
	return both
}

// join adds the other's rows.
func (r rows) join(other rows) {
	for i := range r {
		r[i] |= other[i]
	}
}

// count is the number of rows in a leaf of n objects.
func (r rows) count(n int) int {
	if r == nil {
		return n
	}
	count := 0
	for _, word := range r {
		count += bits.OnesCount64(word)
	}
	return count
}

// all are the rows of a leaf of n objects, in order.
func (r rows) all(n int) []int {
	all := make([]int, 0, r.count(n))
	for i := range n {
		if r.has(i) {
			all = append(all, i)
		}
	}
	return all
}

// Bytes is the memory that the set takes.
func (r rows) Bytes() int64 { return int64(8*len(r)) + 40 }
