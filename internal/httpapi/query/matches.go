package query

import (
	"github.com/k8cache/k8cache/internal/informers/store"
)

// Matches are the objects of a view that a filter picks.
type Matches struct {
	hits  []hit // of leaves that have some
	total int
}

// hit is the objects picked of one leaf.
type hit struct {
	run  store.Run
	rows rows
	n    int
}

// Match returns the objects of the view that the filter picks.
func (f Filter) Match(view store.View) Matches {
	keys, everything := f.keys(), f.Everything()
	found := make([][]hit, workersFor(view.Runs(), knownAlone))
	each(view.Runs(), knownAlone, func(worker, from, to int, reader *store.Reader) {
		hits := make([]hit, 0, to-from)
		for i := from; i < to; i++ {
			h := hit{run: view.Run(i)}
			h.rows = rowsOf(h.run)
			if !everything {
				h.rows = h.rows.and(f.rows(reader, h.run, keys))
			}
			if h.n = h.rows.count(h.run.LeafLen()); h.n > 0 {
				hits = append(hits, h)
			}
		}
		found[worker] = hits
	})
	var m Matches
	m.hits = found[0]
	for _, hits := range found[1:] {
		m.hits = append(m.hits, hits...)
	}
	for _, h := range m.hits {
		m.total += h.n
	}
	return m
}

// Len is the number of objects.
func (m Matches) Len() int { return m.total }

// View is the objects in the order of keys.
func (m Matches) View() store.View {
	runs := make([]store.Run, len(m.hits))
	for i, h := range m.hits {
		if h.n == h.run.Len() {
			runs[i] = h.run
			continue
		}
		runs[i] = h.run.Pick(h.rows.all(h.run.LeafLen()))
	}
	return store.ViewOf(runs)
}
