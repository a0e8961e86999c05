package query_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/k8cache/k8cache/internal/httpapi/query"
	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// question is a random query, in both languages.
type question struct {
	text       string
	filter     query.Filter
	order      query.Order
	naiveOrder []naivePath
	keeps      []func(object) bool
}

func (w *world) question() question {
	var q question
	var conditions []query.Condition
	for range w.random.IntN(3) {
		q.by(w)
	}
	for range max(0, w.random.IntN(4)-2) {
		conditions = append(conditions, q.condition(w))
	}
	var words []string
	if w.random.IntN(3) == 0 {
		text := w.pick("WEB", "front web", "strasse", "STRAẞE", "CAFÉ", "cafe\u0301", "ΣΊΣΥΦΟΣ", "σίσυφος", "a=b", "app=web", "<script>", "run o", "zzz", "hidden", "xxx", `"`, `\`, "y", "tier.x")
		var err error
		if words, err = query.ParseSearch(text); err != nil {
			w.t.Fatal(err)
		}
		q.text += " search " + text
		q.keeps = append(q.keeps, func(o object) bool { return foundNaive(o.decoded, strings.Fields(text)) })
	}
	selector := labels.Everything()
	if w.random.IntN(3) == 0 {
		text := w.pick("app=web", "app!=web", "app", "!app", "app in (web,straße)", "tier.x/y=web,app")
		if parsed, err := labels.Parse(text); err == nil {
			selector = parsed
		}
		q.text += " labels " + selector.String()
		q.keeps = append(q.keeps, func(o object) bool { return selector.Matches(naiveLabels(o)) })
	}
	q.filter = query.NewFilter(selector, conditions, words)
	return q
}

func naiveLabels(o object) labels.Set {
	set := labels.Set{}
	for _, found := range (naivePath{"metadata", "labels"}).find(o.decoded) {
		all, _ := found.(map[string]any)
		for key, v := range all {
			if s, ok := v.(string); ok {
				set[key] = s
			}
		}
	}
	return set
}

// by adds a path to the order.
func (q *question) by(w *world) {
	path, descending := w.path(false), w.random.IntN(2) == 0
	q.order = append(q.order, query.By{Path: w.parsed(path), Descending: descending})
	q.naiveOrder = append(q.naiveOrder, path)
	q.text += fmt.Sprintf(" by %v %t", path, descending)
}

// condition adds one on a field.
func (q *question) condition(w *world) query.Condition {
	path := w.path(true)
	c := query.Condition{Path: w.parsed(path), Value: w.pick("web", "1", "", "true", "100m", "o1"), Not: w.random.IntN(2) == 0, Missing: w.pick("", "", "0")}
	q.text += fmt.Sprintf(" where %v %+v", path, c)
	q.keeps = append(q.keeps, func(o object) bool {
		var all []string
		for _, v := range path.find(o.decoded) {
			text, isText := v.(string)
			if !isText {
				text = compact(v)
			}
			if text == "" {
				text = c.Missing
			}
			all = append(all, text)
		}
		if len(all) == 0 {
			all = []string{c.Missing}
		}
		return slices.Contains(all, c.Value) != c.Not
	})
	return c
}

// naive answers by looking at everything.
func (q question) naive(objects []object) []object {
	var picked []object
	for _, o := range objects {
		if !slices.ContainsFunc(q.keeps, func(keep func(object) bool) bool { return !keep(o) }) {
			picked = append(picked, o)
		}
	}
	slices.SortStableFunc(picked, func(a, b object) int {
		for i, path := range q.naiveOrder {
			name := len(path) == 2 && path[0] == "metadata" && (path[1] == "name" || path[1] == "namespace")
			if c := compareNaive(path.raw(json.RawMessage(a.raw)), path.raw(json.RawMessage(b.raw)), name, q.order[i].Descending); c != 0 {
				return c
			}
		}
		return 0
	})
	return picked
}

func keys(objects []object) []string {
	all := []string{}
	for _, o := range objects {
		all = append(all, o.key)
	}
	return all
}

func keysOf(objects []serialize.Object) []string {
	all := []string{}
	for _, o := range objects {
		all = append(all, o.Key())
	}
	return all
}

// sights are a whole view and one of some namespaces.
func (w *world) sights() map[string]struct {
	view    store.View
	objects []object
} {
	some := []string{"ns-1", "ns-4", "ns-8"}
	var in []object
	for _, o := range w.objects {
		if slices.Contains(some, o.namespace) {
			in = append(in, o)
		}
	}
	return map[string]struct {
		view    store.View
		objects []object
	}{"all": {w.collection.Snapshot().All(), w.objects}, "some": {w.collection.Snapshot().In(some...), in}}
}

func worlds(t *testing.T, test func(t *testing.T, w *world)) {
	for name, options := range map[string]store.PackerOptions{
		"plain": {}, "sketched": {Sketch: query.Sketch}, "no room": {Budget: 1, Sketch: query.Sketch},
	} {
		for seed := range uint64(2) {
			t.Run(fmt.Sprintf("%s seed %d", name, seed), func(t *testing.T) {
				t.Parallel()
				test(t, newWorld(t, seed, 400, options))
			})
		}
	}
}

// TestPagesAreThoseOfTheNaiveImplementation asks random questions of a world that changes, whole and in pages.
func TestPagesAreThoseOfTheNaiveImplementation(t *testing.T) {
	t.Parallel()
	worlds(t, func(t *testing.T, w *world) {
		for range 15 {
			w.change()
			q := w.question()
			for name, sight := range w.sights() {
				want := keys(q.naive(sight.objects))
				matches := q.filter.Match(sight.view)
				if matches.Len() != len(want) {
					t.Fatalf("%s%s: %d match, want %d", name, q.text, matches.Len(), len(want))
				}
				whole := matches.Page(q.order, query.Place{}, 0)
				if diff := cmp.Diff(want, keysOf(whole.Objects)); diff != "" {
					t.Fatalf("%s%s (-want +got):\n%s", name, q.text, diff)
				}
				checkPages(t, q, matches, want, len(want)/5+1+w.random.IntN(50))
				if len(q.order) == 0 {
					checkView(t, q, matches, want)
				}
			}
		}
	})
}

// checkPages goes through the pages of a list, by the last object and by offsets.
func checkPages(t *testing.T, q question, matches query.Matches, want []string, limit int) {
	t.Helper()
	var place query.Place
	for from := 0; from < len(want); from += limit {
		to := min(from+limit, len(want))
		page := matches.Page(q.order, place, int64(limit))
		if diff := cmp.Diff(want[from:to], keysOf(page.Objects)); diff != "" || page.Remaining != len(want)-to {
			t.Fatalf("%s: page after %v, %d remain (-want +got):\n%s", q.text, place.After, page.Remaining, diff)
		}
		place = query.Place{After: &page.Objects[len(page.Objects)-1]}
		page = matches.Page(q.order, query.Place{Offset: int64(from)}, int64(limit))
		if diff := cmp.Diff(want[from:to], keysOf(page.Objects)); diff != "" || page.Remaining != len(want)-to {
			t.Fatalf("%s: page at %d, %d remain (-want +got):\n%s", q.text, from, page.Remaining, diff)
		}
	}
	if page := matches.Page(q.order, query.Place{Offset: 9e18}, 1); len(page.Objects) != 0 || page.Remaining != 0 {
		t.Fatalf("%s: %d objects beyond the end, %d remain", q.text, len(page.Objects), page.Remaining)
	}
}

// checkView compares the view of the matches, and the filter on single objects.
func checkView(t *testing.T, q question, matches query.Matches, want []string) {
	t.Helper()
	got := []string{}
	for o := range matches.View().Objects() {
		got = append(got, o.Key())
		if !q.filter.Picks(o) {
			t.Fatalf("%s: %s alone is not picked", q.text, o.Key())
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("%s (-want +got):\n%s", q.text, diff)
	}
}

// TestObjectsThatAreNotPickedAreNotPickedAlone is the other half of checkView, for watches.
func TestObjectsThatAreNotPickedAreNotPickedAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 7, 300, store.PackerOptions{})
	for range 100 {
		q := w.question()
		q.order, q.naiveOrder = nil, nil
		want := keys(q.naive(w.objects))
		got := []string{}
		for o := range w.collection.Snapshot().All().Objects() {
			if q.filter.Picks(o) {
				got = append(got, o.Key())
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%s (-want +got):\n%s", q.text, diff)
		}
	}
}

// TestCountsAreThoseOfTheNaiveImplementation counts by random paths.
func TestCountsAreThoseOfTheNaiveImplementation(t *testing.T) {
	t.Parallel()
	worlds(t, func(t *testing.T, w *world) {
		for range 15 {
			w.change()
			q, path := w.question(), w.path(true)
			for name, sight := range w.sights() {
				want, without := map[string]int{}, 0
				for _, o := range q.naive(sight.objects) {
					seen := map[string]bool{}
					for _, v := range path.find(o.decoded) {
						seen[compact(v)] = true
					}
					for text := range seen {
						want[text]++
					}
					if len(seen) == 0 {
						without++
					}
				}
				counts := q.filter.Match(sight.view).Count(w.parsed(path))
				got := map[string]int{}
				for _, c := range counts.Values {
					got[compact(decode([]byte(c.Value)))] += c.Objects // escapes may differ
				}
				long := func(text string, _ int) bool { return len(text) > 512 } // TestThreat31_LargeValuesAreNotHeld
				maps.DeleteFunc(want, long)
				maps.DeleteFunc(got, long)
				if diff := cmp.Diff(want, got); diff != "" || counts.Without != without {
					t.Fatalf("%s%s, %v: %d without, want %d (-want +got):\n%s", name, q.text, path, counts.Without, without, diff)
				}
			}
		}
	})
}

// TestFieldsAreThoseOfTheNaiveImplementation cuts objects down, alone and in parts.
func TestFieldsAreThoseOfTheNaiveImplementation(t *testing.T) {
	t.Parallel()
	worlds(t, func(t *testing.T, w *world) {
		for range 10 {
			w.change()
			var paths []query.Path
			var naive []naivePath
			for len(naive) < 1+w.random.IntN(4) {
				if p := w.path(true); !slices.ContainsFunc(p, func(s any) bool { _, number := s.(int); return number }) {
					naive, paths = append(naive, p), append(paths, w.parsed(p))
				}
			}
			fields, err := query.NewFields(paths)
			if err != nil {
				t.Fatal(err)
			}
			for name, sight := range w.sights() {
				var want []string
				for _, o := range sight.objects {
					cut, ok := cutNaive(o.decoded, naive)
					if !ok {
						cut = map[string]any{}
					}
					want = append(want, compact(cut))
				}
				if diff := cmp.Diff(want, itemsOf(t, fields.Parts(sight.view, w.random.IntN(2) == 0))); diff != "" {
					t.Fatalf("%s %v (-want +got):\n%s", name, naive, diff)
				}
			}
		}
	})
}

// itemsOf are the items of parts, with the members of objects sorted.
func itemsOf(t *testing.T, parts []serialize.Part) []string {
	t.Helper()
	var all []string
	for _, part := range parts {
		joined := part.Joined(nil)
		if int64(len(joined)) != part.JoinedSize() || string(part.Deflated().Inflate(nil)) != string(joined) {
			t.Fatal("a part is not as it says")
		}
		var items []json.RawMessage
		if err := json.Unmarshal([]byte("["+string(joined)+"]"), &items); err != nil || len(items) != part.Len() {
			t.Fatalf("%v: %d items of %d: %s", err, len(items), part.Len(), joined)
		}
		for _, item := range items {
			all = append(all, compact(decode(item)))
		}
	}
	return all
}
