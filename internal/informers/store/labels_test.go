package store_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

var _ labels.Labels = store.Labels{}

func TestLabelSelectorsMatchLabelsInTheBytes(t *testing.T) {
	c := store.New(store.Options{})
	b := c.Builder()
	for i, text := range []string{`,"labels":{"app":"a","k8s.io/x":"\u0031"}`, `,"labels":{"app":"b","empty":""}`, `,"labels":{}`, `,"labels":null`, ``} {
		raw := fmt.Sprintf(`{"metadata":{"name":"o%d","resourceVersion":"1"%s}}`, i, text)
		o, err := serialize.Parse([]byte(raw))
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Add(o); err != nil {
			t.Fatal(err)
		}
	}
	c.Replace(b, 1)
	tests := map[string][]string{
		"":               {"o0", "o1", "o2", "o3", "o4"},
		"app":            {"o0", "o1"},
		"!app":           {"o2", "o3", "o4"},
		"app=a":          {"o0"},
		"app!=a":         {"o1", "o2", "o3", "o4"},
		"app in (a,b)":   {"o0", "o1"},
		"k8s.io/x=1":     {"o0"},
		"empty=":         {"o1"},
		"app=b,!empty":   nil,
		"app notin (b,)": {"o0", "o2", "o3", "o4"},
	}
	for text, want := range tests {
		t.Run(text, func(t *testing.T) {
			selector, err := labels.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			v := c.Snapshot().All().Select(func(r store.Row) bool { return selector.Matches(store.LabelsOf(r.Value(0))) }, store.LabelsPath)
			var got []string
			for r := range v.Refs() {
				got = append(got, r.Name())
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}
