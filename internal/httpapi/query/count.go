package query

import (
	"cmp"
	"slices"

	"github.com/k8cache/k8cache/internal/informers/store"
)

// maxValues bounds the values that are counted one by one.
const maxValues = 1000

// Counts says how many objects have which value at a path.
type Counts struct {
	// Values are the most frequent ones.
	Values []Count
	// Without is the number of objects with no value there.
	Without int
	// Left is the number of values that are not in Values.
	Left int
}

// Count is how many objects have one value.
type Count struct {
	// Value is raw JSON.
	Value   string
	Objects int
}

// Count counts the objects by their values at a path. At a wild one an object
// counts once for each of its values.
func (m Matches) Count(path Path) Counts {
	recipe, counted := path.column(), make([]map[string]int, workersFor(len(m.hits), knownAlone))
	each(len(m.hits), knownAlone, func(worker, from, to int, reader *store.Reader) {
		counts := map[string]int{}
		for _, h := range m.hits[from:to] {
			c, _ := reader.Derive(h.run, recipe).(*column)
			c.count(h.rows, func(text string, n int) { path.split(text, func(one string) { counts[one] += n }) })
		}
		counted[worker] = counts
	})
	all := counted[0]
	for _, counts := range counted[1:] {
		for text, n := range counts {
			all[text] += n
		}
	}
	return summary(all)
}

// split yields the different values of one text of a column.
func (p Path) split(text string, yield func(one string)) {
	if !p.Wild() {
		if isNothing([]byte(text)) {
			text = ""
		}
		yield(text)
		return
	}
	var seen []string
	elements([]byte(text), func(raw []byte) bool {
		if one := string(raw); !slices.Contains(seen, one) {
			seen = append(seen, one)
			yield(one)
		}
		return true
	})
	if len(seen) == 0 {
		yield("")
	}
}

// summary orders counts, the largest first.
func summary(counts map[string]int) Counts {
	s := Counts{Without: counts[""]}
	delete(counts, "")
	s.Values = make([]Count, 0, len(counts))
	for text, n := range counts {
		s.Values = append(s.Values, Count{Value: text, Objects: n})
	}
	slices.SortFunc(s.Values, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.Objects, a.Objects), cmp.Compare(a.Value, b.Value))
	})
	if len(s.Values) > maxValues {
		s.Left = len(s.Values) - maxValues
		s.Values = s.Values[:maxValues]
	}
	return s
}
