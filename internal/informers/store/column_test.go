package store_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/k8cache/k8cache/internal/informers/store"
)

// values are the values of all objects at paths.
func values(v store.View, paths ...string) []string {
	var values []string
	for r := range v.Rows(paths...) {
		for i := range paths {
			values = append(values, r.Value(i).String())
		}
	}
	return values
}

func TestColumnsAreReadWithoutUnpackingTheSecondTime(t *testing.T) {
	packer := store.NewPacker(store.PackerOptions{})
	c := synced(t, 500, store.Options{Packer: packer})
	paths := []string{"metadata.name", "metadata.labels.n", "metadata.nothing"}
	first := values(c.Snapshot().All(), paths...)
	if diff := cmp.Diff([]string{"o0", "1", ""}, first[:3]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for l := range c.Snapshot().All().Parts() {
		store.PackPart(l)
	}
	if diff := cmp.Diff(first, values(c.Snapshot().All(), paths...)); diff != "" {
		t.Errorf("packed (-want +got):\n%s", diff)
	}
	if _, atHand := c.Leaves(); atHand != 0 {
		t.Errorf("%d leaves were unpacked", atHand)
	}
}

func TestThreat31_ColumnsOfAThousandPathsAreNotKept(t *testing.T) {
	c := synced(t, 100, store.Options{})
	paths := make([]string, 1000)
	for i := range paths {
		paths[i] = fmt.Sprintf("metadata.labels.n%d", i)
	}
	paths[999] = "metadata.name"
	if got := values(c.Snapshot().All(), paths...); got[999] != "o0" || got[1999] != "o1" {
		t.Errorf("values of the last path are %q, %q", got[999], got[1999])
	}
	if n := c.Columns(); n != 16 {
		t.Errorf("%d columns are kept of a leaf", n)
	}
}
