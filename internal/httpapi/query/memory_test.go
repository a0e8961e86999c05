package query_test

import (
	"testing"

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
