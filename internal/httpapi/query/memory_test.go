package query_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/fields"

	"github.com/k8cache/k8cache/internal/httpapi/query"
	"github.com/k8cache/k8cache/internal/informers/store"
)

// conditions are those of a field selector.
func conditions(t *testing.T, selector string) (all []query.Condition) {
	t.Helper()
	parsed, err := fields.ParseSelector(selector)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range parsed.Requirements() {
		c, err := query.ParseCondition(r.Field, r.Value, false, "")
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

// TestThreat01_NoSelectorIsTakenForAnother has a caller write one value such that it looks like two requirements, and
// another ask for those two: what leaves remember is shared by all.
func TestThreat01_NoSelectorIsTakenForAnother(t *testing.T) {
	w := newWorld(t, 1, 1, store.PackerOptions{})
	made := w.parse(`{"metadata":{"name":"web","namespace":"a","resourceVersion":"5"},"spec":{"nodeName":"n"},"status":{"phase":"Running"}}`)
	b := w.collection.Builder()
	if err := b.Add(made); err != nil {
		t.Fatal(err)
	}
	w.collection.Replace(b, 20)
	all := w.collection.Snapshot().All()
	for _, eve := range []string{"spec.nodeName=n\x00\x00status.phase\\=Running", "spec.nodeName=n\x00\x00status.phase\\=Running\x00"} {
		if n := query.NewFilter(nil, conditions(t, eve), nil).Match(all).Len(); n != 0 {
			t.Errorf("%q picks %d", eve, n)
		}
	}
	if n := query.NewFilter(nil, conditions(t, "spec.nodeName=n,status.phase=Running"), nil).Match(all).Len(); n != 1 {
		t.Errorf("after that, two requirements pick %d objects, want 1", n)
	}
}

// TestThreat31_LargeValuesAreNotHeld sorts and counts by what may be as large as the objects themselves.
func TestThreat31_LargeValuesAreNotHeld(t *testing.T) {
	w := newWorld(t, 1, 1, store.PackerOptions{})
	b := w.collection.Builder()
	for i, end := range []string{"z", "y", "z"} {
		made := w.parse(fmt.Sprintf(`{"metadata":{"name":"o%d","namespace":"a","resourceVersion":"5"},"data":"%s%s","few":%d}`, i, strings.Repeat("x", 1<<10), end, i/2))
		if err := b.Add(made); err != nil {
			t.Fatal(err)
		}
	}
	w.collection.Replace(b, 20)
	data, err := query.ParsePath("data")
	if err != nil {
		t.Fatal(err)
	}
	matches := query.Filter{}.Match(w.collection.Snapshot().All())
	page := matches.Page(query.Order{{Path: data}}, query.Place{}, 0)
	if diff := cmp.Diff([]string{"a/o0", "a/o1", "a/o2"}, keysOf(page.Objects)); diff != "" {
		t.Errorf("what is beyond a kibibyte is compared (-want +got):\n%s", diff)
	}
	next := matches.Page(query.Order{{Path: data}}, query.Place{After: &page.Objects[1]}, 0)
	if diff := cmp.Diff([]string{"a/o2"}, keysOf(next.Objects)); diff != "" {
		t.Errorf("the page after the second (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(query.Counts{Values: []query.Count{}, Left: 2}, matches.Count(data)); diff != "" {
		t.Errorf("counts (-want +got):\n%s", diff)
	}
}
