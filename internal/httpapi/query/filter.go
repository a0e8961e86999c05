package query

import (
	"crypto/sha256"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// Condition is one requirement of a field selector.
type Condition struct {
	Path Path
	// Value is what the field must be, or with Not must not be. A wild path
	// leads to several values, of which any must, or with Not none must.
	Value string
	Not   bool
	// Missing is what counts as the value where there is none.
	Missing string
}

// Filter tells which objects a query picks. The zero value picks all.
type Filter struct {
	labels     labels.Selector
	conditions []Condition
	words      []string
}

// NewFilter makes a filter of a label selector (nil: any labels), conditions
// and the words of a search, all of which must match.
func NewFilter(selector labels.Selector, conditions []Condition, words []string) Filter {
	f := Filter{conditions: conditions, words: words}
	if selector != nil && !selector.Empty() {
		f.labels = selector
	}
	return f
}

// Everything says that nothing is filtered out.
func (f Filter) Everything() bool {
	return f.labels == nil && len(f.conditions) == 0 && len(f.words) == 0
}

// String is the one form that equal filters have in common.
func (f Filter) String() string {
	var text strings.Builder
	if f.labels != nil {
		text.WriteString(f.labels.String())
	}
	for _, c := range f.conditions {
		text.WriteByte(0)
		text.WriteString(c.String())
	}
	if len(f.words) > 0 {
		text.WriteString("\x00\x00" + strings.Join(f.words, " "))
	}
	return text.String()
}

// String is the one form that equal conditions have in common, and no others:
// it is quoted, because callers write what they like into paths and values.
func (c Condition) String() string {
	operator := "="
	if c.Not {
		operator = "!="
	}
	return strconv.Quote(c.Path.text) + operator + strconv.Quote(c.Value) + strconv.Quote(c.Missing)
}

// Picks says whether the filter picks one object.
func (f Filter) Picks(object serialize.Object) bool {
	if f.labels != nil && !f.labels.Matches(labelsOf(string(labelsPath().first(object.Bytes())))) {
		return false
	}
	for _, c := range f.conditions {
		if !c.holds(string(c.Path.appendRaw(nil, object.Ref, object.Bytes()))) {
			return false
		}
	}
	return len(f.words) == 0 || textsOf([]serialize.Ref{object.Ref}, [][]byte{object.Bytes()}).search(f.words).has(0)
}

// rows are the objects of a run's leaf that the filter picks. The leaf
// remembers selectors and searches apart: a selector stays while one types.
func (f Filter) rows(reader *store.Reader, run store.Run, keys filterKeys) rows {
	var picked rows
	if keys.selectors != "" {
		known, ok := run.Recall(keys.selectors).(rows)
		if !ok {
			known = f.selected(reader, run)
			run.Remember(keys.selectors, known)
		}
		picked = known
	}
	if keys.search != "" {
		known, ok := run.Recall(keys.search).(rows)
		if !ok {
			found, _ := reader.Derive(run, textsRecipe()).(*texts)
			known = found.search(f.words)
			run.Remember(keys.search, known)
		}
		picked = picked.and(known)
	}
	return picked
}

// filterKeys are what leaves remember the filter's rows by; empty where there
// is nothing to remember.
type filterKeys struct{ selectors, search string }

func (f Filter) keys() (k filterKeys) {
	selectors := f
	selectors.words = nil
	if !selectors.Everything() {
		k.selectors = memoryKey("selected", selectors.String())
	}
	if len(f.words) > 0 {
		k.search = memoryKey("found", strings.Join(f.words, " "))
	}
	return k
}

// longKey is from how many bytes on a text stands in a key by its hash: thousands of
// leaves remember under it.
const longKey = 64

// memoryKey is what leaves remember something by. No text reads like a hash.
func memoryKey(kind, text string) string {
	if len(text) > longKey {
		sum := sha256.Sum256([]byte(text))
		return kind + "#" + string(sum[:])
	}
	return kind + " " + text
}

// selected looks at labels and fields.
func (f Filter) selected(reader *store.Reader, run store.Run) rows {
	picked := allRows(run.LeafLen())
	if f.labels != nil {
		picked = picked.and(pick(reader, run, labelsPath(), func(raw string) bool { return f.labels.Matches(labelsOf(raw)) }))
	}
	for _, c := range f.conditions {
		picked = picked.and(pick(reader, run, c.Path, c.holds))
	}
	return picked
}

// pick are the objects at whose path something stands that keep says yes to.
func pick(reader *store.Reader, run store.Run, path Path, keep func(raw string) bool) rows {
	c, _ := reader.Derive(run, path.column()).(*column)
	yes := make([]bool, len(c.texts))
	for i, text := range c.texts {
		yes[i] = keep(text)
	}
	picked := noRows(run.LeafLen())
	for i, text := range c.rows {
		if yes[text] {
			picked.add(i)
		}
	}
	return picked
}

// holds says whether the condition holds for what a column has.
func (c Condition) holds(raw string) bool {
	if !c.Path.Wild() {
		return (c.plain([]byte(raw)) == c.Value) != c.Not
	}
	any, equal := false, false
	elements([]byte(raw), func(one []byte) bool {
		any, equal = true, c.plain(one) == c.Value
		return !equal
	})
	if !any {
		equal = c.Missing == c.Value
	}
	return equal != c.Not
}

// plain is a raw value as it is written in a selector.
func (c Condition) plain(raw []byte) string {
	switch {
	case isNothing(raw):
		return c.Missing
	case raw[0] == '"':
		if text := unquote(raw); text != "" {
			return text
		}
		return c.Missing
	}
	return string(raw)
}
