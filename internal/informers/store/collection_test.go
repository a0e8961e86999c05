package store_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

func object(t testing.TB, ns, name string, version int) serialize.Object {
	t.Helper()
	o, err := serialize.Parse(fmt.Appendf(nil, `{"metadata":{"name":%q,"namespace":%q,"resourceVersion":"%d"}}`, name, ns, version))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func keys(v store.View) []string {
	var keys []string
	for o := range v.Objects() {
		keys = append(keys, o.Key())
	}
	return keys
}

func TestCollectionShowsObjectsInEtcdKeyOrder(t *testing.T) {
	c := store.New(store.Options{})
	b := c.Builder()
	for _, ns := range []string{"b", "a", "a-b"} {
		if err := b.Add(object(t, ns, "x", 1)); err != nil {
			t.Fatal(err)
		}
	}
	c.Replace(b, 5)
	c.Upsert(object(t, "a", "y", 6))
	c.Delete(object(t, "b", "x", 7))
	s, err := c.WaitFor(context.Background(), 7)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a-b/x", "a/x", "a/y"}, keys(s.All())); diff != "" {
		t.Errorf("all (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"a-b/x", "a/x"}, keys(s.In("a", "a-b").Limit(2))); diff != "" {
		t.Errorf("in (-want +got):\n%s", diff)
	}
}
