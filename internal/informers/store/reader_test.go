package store_test

import (
	"fmt"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tidwall/gjson"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// column is the values of a leaf's objects at a path.
type column []string

func (c column) Bytes() (n int64) {
	for _, text := range c {
		n += int64(len(text)) + 16
	}
	return n
}

// columnAt is the recipe of a column.
func columnAt(path string, reads store.Reads) store.Recipe {
	return store.Recipe{Key: path, Reads: reads, Make: func(_ []serialize.Ref, bodies [][]byte) store.Derived {
		var c column
		for _, body := range bodies {
			c = append(c, gjson.GetBytes(body, path).String())
		}
		return c
	}}
}

// values are the values of all objects at a path.
func values(v store.View, recipe store.Recipe) (values []string) {
	var reader store.Reader
	for i := range v.Runs() {
		run := v.Run(i)
		c := reader.Derive(run, recipe).(column)
		for n := range run.Len() {
			values = append(values, c[run.At(n)])
		}
	}
	return values
}

func TestLeavesRememberWhatWasDerived(t *testing.T) {
	c := synced(t, 500, store.Options{})
	made := 0
	recipe := columnAt("metadata.name", store.ReadsAll)
	inner := recipe.Make
	recipe.Make = func(refs []serialize.Ref, bodies [][]byte) store.Derived {
		made++
		return inner(refs, bodies)
	}
	first := values(c.Snapshot().All(), recipe)
	var want []string
	for ref := range c.Snapshot().All().Refs() {
		want = append(want, ref.Name())
	}
	if diff := cmp.Diff(want, first); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	leaves, atHand := c.Leaves()
	if made != leaves || atHand != 0 {
		t.Errorf("made %d times for %d leaves, of which %d were left unpacked", made, leaves, atHand)
	}
	c.Upsert(object(t, "a", "o7", 3000, 100))
	values(c.Snapshot().All(), recipe)
	if made != leaves+1 {
		t.Errorf("made %d times for %d leaves of which one has changed", made, leaves)
	}
}

func TestThreat31_ColumnsOfAThousandPathsAreNotKept(t *testing.T) {
	packer := store.NewPacker(store.PackerOptions{})
	c := synced(t, 100, store.Options{Packer: packer})
	for i := range 1000 {
		values(c.Snapshot().All(), columnAt(fmt.Sprintf("metadata.labels.n%d", i), store.ReadsAll))
	}
	if n := c.Memories(); n != 32 {
		t.Errorf("%d columns are kept of a leaf", n)
	}
	if packer.Resident() != c.Resident() {
		t.Errorf("%d bytes are accounted for, there are %d", packer.Resident(), c.Resident())
	}
}

func TestBudgetBoundsWhatIsDerived(t *testing.T) {
	const budget = 200 << 10
	packer := store.NewPacker(store.PackerOptions{Budget: budget})
	c := synced(t, 10_000, store.Options{Packer: packer})
	for i := range 40 {
		recipe := columnAt("metadata.name", store.ReadsAll)
		recipe.Key = strconv.Itoa(i)
		if got := values(c.Snapshot().All(), recipe); len(got) != 10_000 || got[0] != "o0" {
			t.Fatalf("%d values", len(got))
		}
		if n := packer.Resident(); n > budget || n != c.Resident() {
			t.Fatalf("%d bytes at hand, %d accounted for, %d allowed", c.Resident(), n, budget)
		}
	}
}

func TestSketchesAreReadInsteadOfObjects(t *testing.T) {
	packer := store.NewPacker(store.PackerOptions{Sketch: func(dst, object []byte) []byte {
		return fmt.Appendf(dst, `{"drawn":%s}`, gjson.GetBytes(object, "metadata.name").Raw)
	}})
	c := synced(t, 500, store.Options{Packer: packer})
	leaves, _ := c.Leaves()
	if n, size := c.Sketched(); n != leaves || size == 0 {
		t.Fatalf("%d of %d leaves have a sketch", n, leaves)
	}
	drawn := columnAt("drawn", store.ReadsSketch)
	names := columnAt("metadata.name", store.ReadsAll)
	if diff := cmp.Diff(values(c.Snapshot().All(), names), values(c.Snapshot().All(), drawn)); diff != "" {
		t.Errorf("(-objects +sketches):\n%s", diff)
	}
	c.Upsert(object(t, "a", "o7", 3000, 100))
	if n, _ := c.Sketched(); n != leaves-1 {
		t.Errorf("%d of %d leaves have a sketch after a write", n, leaves)
	}
	for part := range c.Snapshot().All().Parts() {
		store.PackPart(part)
	}
	if n, _ := c.Sketched(); n != leaves {
		t.Errorf("%d of %d leaves have a sketch once packed", n, leaves)
	}
}
