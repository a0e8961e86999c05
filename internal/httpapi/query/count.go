package query

import (
	"cmp"
	"crypto/sha256"
	"slices"
	"strings"

	"github.com/k8cache/k8cache/internal/informers/store"
)

const (
	// maxValues bounds the values that are counted one by one, maxCounted their
	// size in bytes: all of them are in memory at once.
	maxValues  = 1000
	maxCounted = 1 << 10
)

// Counts says how many objects have which value at a path.
type Counts struct {
	// Values are the most frequent ones.
	Values []Count
	// Without is the number of objects with no value there.
	Without int
	// Left is the number of values that are not in Values: there are too many, or
	// they are too large.
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
	recipe, found := path.column(), make([]map[string]int, workersFor(len(m.hits), knownAlone))
	each(len(m.hits), knownAlone, func(worker, from, to int, reader *store.Reader) {
		counts := map[string]int{}
		for _, h := range m.hits[from:to] {
			c, _ := reader.Derive(h.run, recipe).(*column)
			c.count(h.rows, func(text string, n int) { path.split(text, func(one string) { tally(counts, counted(one), n) }) })
		}
		found[worker] = counts
	})
	all := found[0]
	for _, counts := range found[1:] {
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
	var all []string
	elements([]byte(text), func(raw []byte) bool {
		all = append(all, string(raw))
		return true
	})
	if len(all) == 0 {
		yield("")
	}
	slices.Sort(all)
	for _, one := range slices.Compact(all) {
		yield(one)
	}
}

// tally adds to a count. A new value is copied: it may be a part of all that a
// leaf has at the path, which would be held with it.
func tally(counts map[string]int, value string, n int) {
	if _, known := counts[value]; !known {
		value = strings.Clone(value)
	}
	counts[value] += n
}

// counted is what a value is counted as: one that is too large by its hash, after
// a byte with which no value begins.
func counted(value string) string {
	if len(value) <= maxCounted {
		return value
	}
	sum := sha256.Sum256([]byte(value))
	return "\x00" + string(sum[:])
}

// summary orders counts, the largest first.
func summary(counts map[string]int) Counts {
	s := Counts{Without: counts[""]}
	delete(counts, "")
	s.Values = make([]Count, 0, len(counts))
	for text, n := range counts {
		if text[0] == 0 {
			s.Left++
			continue
		}
		s.Values = append(s.Values, Count{Value: text, Objects: n})
	}
	slices.SortFunc(s.Values, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.Objects, a.Objects), cmp.Compare(a.Value, b.Value))
	})
	if len(s.Values) > maxValues {
		s.Left += len(s.Values) - maxValues
		s.Values = s.Values[:maxValues]
	}
	return s
}
