package query

import (
	"slices"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// maxPage bounds the objects of one page in bytes: they are all unpacked at
// once. A page that would be larger ends before.
const maxPage = 32 << 20

// keepUnpacked is up to how many objects a page's leaves stay unpacked for the
// next time, which often asks for the same.
const keepUnpacked = 200

// Page is some of the objects of a list in an order.
type Page struct {
	// Objects are in the order asked for.
	Objects []serialize.Object
	// Remaining is how many objects come after them.
	Remaining int
}

// Place is where a page begins.
type Place struct {
	// Offset is how many objects come before it.
	Offset int64
	// After is the last object before it; nil: there is none.
	After *serialize.Object
}

// Page returns at most limit objects from a place on; zero: as many as fit.
func (m Matches) Page(order Order, place Place, limit int64) Page {
	merge := m.begin(order, place)
	left := merge.left
	skip := min(place.Offset, int64(left))
	left -= int(skip)
	if left == 0 {
		return Page{}
	}
	for range skip {
		merge.next()
	}
	var picked []spot
	size := 0
	for left > 0 && (limit == 0 || int64(len(picked)) < limit) {
		at := merge.next()
		if size += m.hits[at.hit].run.Ref(at.row).Size(); size > maxPage && len(picked) > 0 {
			break
		}
		picked = append(picked, at)
		left--
	}
	return Page{Objects: m.objects(picked), Remaining: left}
}

// spot is one object of matches.
type spot struct{ hit, row int }

// objects are those at spots, in their order, each leaf read once.
func (m Matches) objects(spots []spot) []serialize.Object {
	byLeaf := make([]int, len(spots))
	for i := range byLeaf {
		byLeaf[i] = i
	}
	slices.SortFunc(byLeaf, func(a, b int) int { return spots[a].hit - spots[b].hit })
	var groups [][]int
	for from, to := 0, 0; from < len(byLeaf); from = to {
		for to = from; to < len(byLeaf) && spots[byLeaf[to]].hit == spots[byLeaf[from]].hit; {
			to++
		}
		groups = append(groups, byLeaf[from:to])
	}
	objects := make([]serialize.Object, len(spots))
	read := func(group []int, reader *store.Reader) {
		run := m.hits[spots[group[0]].hit].run
		rows := make([]int, len(group))
		for i, at := range group {
			rows[i] = spots[at].row
		}
		var found []serialize.Object
		if len(spots) <= keepUnpacked {
			found = run.Objects(rows)
		} else {
			found = reader.Objects(run, rows)
		}
		for i, at := range group {
			objects[at] = found[i]
		}
	}
	each(len(groups), packedAlone, func(_, from, to int, reader *store.Reader) {
		for _, group := range groups[from:to] {
			read(group, reader)
		}
	})
	return objects
}
