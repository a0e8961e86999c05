package query

import (
	"container/heap"
	"strings"

	"github.com/k8cache/k8cache/internal/informers/store"
)

// merging goes through matches in an order: a heap of leaves by their next
// objects.
type merging struct {
	order Order
	heads []head
	left  int // objects that are still to come
}

// head is where the merging has come to in one leaf.
type head struct {
	hit    int
	rows   rows
	sorted *sorted // nil: in the order of keys
	at     int     // in the leaf's order
	n      int     // objects of the leaf
	first  value   // of the next object, by the order's first path
}

// row is the object that comes next in the leaf.
func (h *head) row() int {
	if h.sorted == nil {
		return h.at
	}
	return int(h.sorted.order[h.at])
}

// settle moves on to the next object picked, if it is not at one.
func (h *head) settle() bool {
	for h.at < h.n && !h.rows.has(h.row()) {
		h.at++
	}
	if h.at == h.n {
		return false
	}
	if h.sorted != nil {
		h.first = h.sorted.by[0].at(h.row())
	}
	return true
}

// begin makes the merging of what comes after a place.
func (m Matches) begin(order Order, place Place) *merging {
	g := &merging{order: order, left: m.total}
	heads, key := make([]head, len(m.hits)), memoryKey("sorted", order.String())
	var after []value
	if place.After != nil {
		after = order.valuesOf(*place.After)
	}
	passed := make([]int, len(m.hits))
	each(len(m.hits), knownAlone, func(_, from, to int, reader *store.Reader) {
		for i := from; i < to; i++ {
			h := &heads[i]
			*h = head{hit: i, rows: m.hits[i].rows, n: m.hits[i].run.LeafLen()}
			if len(order) > 0 {
				h.sorted = order.sort(reader, m.hits[i].run, key)
			}
			if place.After != nil {
				passed[i] = h.pass(order, m.hits[i].run, after, place.After.Key())
			}
		}
	})
	for i := range heads {
		g.left -= passed[i]
		if heads[i].settle() {
			g.heads = append(g.heads, heads[i])
		}
	}
	heap.Init(g)
	return g
}

// pass moves on to the first object after one of these values and this key, and
// returns how many of those picked it has passed.
func (h *head) pass(order Order, run store.Run, values []value, key string) (passed int) {
	for ; h.at < h.n; h.at++ {
		if row := h.row(); h.sorted == nil {
			if strings.Compare(run.Ref(row).Key(), key) > 0 {
				return passed
			}
		} else if order.compare(h.sorted, run, row, values, key) > 0 {
			return passed
		}
		if h.rows.has(h.row()) {
			passed++
		}
	}
	return passed
}

// next is the next object; there must be one.
func (g *merging) next() spot {
	h := &g.heads[0]
	at := spot{hit: h.hit, row: h.row()}
	h.at++
	if h.settle() {
		heap.Fix(g, 0)
	} else {
		heap.Pop(g)
	}
	g.left--
	return at
}

var _ heap.Interface = (*merging)(nil)

// Len is the number of leaves that have objects to come.
func (g *merging) Len() int { return len(g.heads) }

// Less orders leaves by their next objects.
func (g *merging) Less(i, j int) bool {
	a, b := &g.heads[i], &g.heads[j]
	if len(g.order) > 0 {
		if c := a.first.compare(b.first, g.order[0].Descending); c != 0 {
			return c < 0
		}
		for n := 1; n < len(g.order); n++ {
			if c := a.sorted.by[n].at(a.row()).compare(b.sorted.by[n].at(b.row()), g.order[n].Descending); c != 0 {
				return c < 0
			}
		}
	}
	return a.hit < b.hit // leaves are in the order of keys
}

// Swap swaps two leaves.
func (g *merging) Swap(i, j int) { g.heads[i], g.heads[j] = g.heads[j], g.heads[i] }

// Push is not used: leaves are only taken away.
func (g *merging) Push(any) {}

// Pop takes the last leaf away.
func (g *merging) Pop() any {
	g.heads = g.heads[:len(g.heads)-1]
	return nil
}
