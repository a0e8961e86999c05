package query

import (
	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// distinct is a text for each object of a leaf. Neighbours often have the same:
// each is kept once.
type distinct[T ~string] struct {
	texts []T
	rows  []uint16
}

// at is the text of object i.
func (d *distinct[T]) at(i int) T { return d.texts[d.rows[i]] }

// Bytes is the memory that the texts take.
func (d *distinct[T]) Bytes() int64 {
	n := int64(2*len(d.rows)) + 80
	for _, text := range d.texts {
		n += int64(len(text)) + 16
	}
	return n
}

// count yields the texts of the objects picked, with how many have each.
func (d *distinct[T]) count(picked rows, yield func(text T, n int)) {
	counts := make([]int, len(d.texts))
	for i, text := range d.rows {
		if picked.has(i) {
			counts[text]++
		}
	}
	for i, n := range counts {
		if n > 0 {
			yield(d.texts[i], n)
		}
	}
}

// distinctly is the recipe of the texts at the path that add appends. All of a
// leaf's are one piece of memory.
func distinctly[T ~string](p Path, kind string, add func(dst []byte, ref serialize.Ref, body []byte) []byte) store.Recipe {
	return store.Recipe{Key: memoryKey(kind, p.text), Reads: p.reads(), Make: func(refs []serialize.Ref, bodies [][]byte) store.Derived {
		d := &distinct[T]{rows: make([]uint16, len(refs))}
		known := map[string]uint16{}
		var all []byte
		var ends []int
		for i, ref := range refs {
			var body []byte
			if bodies != nil {
				body = bodies[i]
			}
			begin := len(all)
			all = add(all, ref, body)
			number, ok := known[string(all[begin:])]
			if ok {
				all = all[:begin]
			} else {
				number = uint16(len(ends)) //nolint:gosec // a leaf has far fewer objects
				known[string(all[begin:])] = number
				ends = append(ends, len(all))
			}
			d.rows[i] = number
		}
		d.texts = make([]T, len(ends))
		text, begin := string(all), 0
		for i, end := range ends {
			d.texts[i], begin = T(text[begin:end]), end
		}
		return d
	}}
}
