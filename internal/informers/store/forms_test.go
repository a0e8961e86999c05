package store_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// What leaves keep of pretty lists is what is made anew, for many readers at once and after a change.
func TestPrettyListsOfACollection(t *testing.T) {
	c := store.New(store.Options{})
	b := c.Builder()
	for i := range 300 {
		if err := b.Add(prettyObject(t, i, 1)); err != nil {
			t.Fatal(err)
		}
	}
	c.Replace(b, 1)
	for version := uint64(2); version < 4; version++ {
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() { comparePretty(t, c.Snapshot()) })
		}
		readers.Wait()
		c.Upsert(prettyObject(t, 150, version))
	}
}

func comparePretty(t *testing.T, s *store.Snapshot) {
	list := serialize.List{Kind: serialize.Kind{APIVersion: "v1", ListKind: "PodList"}, ResourceVersion: "1", Parts: s.All().Parts()}
	var plain, want, packed, got bytes.Buffer
	if _, err := list.WriteTo(&plain); err != nil {
		t.Error(err)
	}
	if err := json.Indent(&want, bytes.TrimSpace(plain.Bytes()), "", "  "); err != nil {
		t.Error(err)
	}
	if _, err := list.As(list.Kind, serialize.Indented).WriteGzipTo(&packed); err != nil {
		t.Error(err)
	}
	unpacked, err := gzip.NewReader(&packed)
	if err != nil {
		t.Error(err)
		return
	}
	if _, err := got.ReadFrom(unpacked); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(want.String(), got.String()); diff != "" {
		t.Error(diff)
	}
}

func prettyObject(t *testing.T, i int, version uint64) serialize.Object {
	t.Helper()
	raw := fmt.Appendf(nil, `{"metadata":{"name":"p%03d","namespace":"n%d","resourceVersion":"%d"},"spec":{"list":[]}}`, i, i/100, version)
	o, err := serialize.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// What a leaf keeps of other forms is counted, and dropped where the packer has no room for it.
func TestFormsAreKeptUnderTheBudget(t *testing.T) {
	for budget, kept := range map[int64]bool{1 << 20: true, 1: false} {
		packer := store.NewPacker(store.PackerOptions{Budget: budget})
		c := store.New(store.Options{Packer: packer})
		b := c.Builder()
		for i := range 300 {
			if err := b.Add(prettyObject(t, i, 1)); err != nil {
				t.Fatal(err)
			}
		}
		c.Replace(b, 1)
		made := 0
		for range 2 {
			for part := range c.Snapshot().All().Parts() {
				keeper, ok := part.(serialize.Keeper)
				if !ok {
					t.Fatal("a leaf keeps nothing")
				}
				block, err := keeper.Keep(serialize.Form{Text: serialize.YAML}, func() (serialize.Block, error) {
					made++
					return serialize.Deflate(part.Joined(nil)), nil
				})
				if err != nil || block.Size != part.JoinedSize() {
					t.Fatal(block.Size, err)
				}
			}
		}
		leaves, _ := c.Leaves()
		if want := leaves * map[bool]int{true: 1, false: 2}[kept]; made != want {
			t.Errorf("made %d blocks of %d leaves under a budget of %d", made, leaves, budget)
		}
		if n := packer.Resident(); (n > 0) != kept || n != c.Resident() {
			t.Errorf("%d bytes are accounted for, %d are there, under a budget of %d", n, c.Resident(), budget)
		}
	}
}

// TestThreat33_AFormWhosePanicOneMetIsNotEmptyForOthers has the first reader of a form meet a panic. Those after it must
// not be given a list without those objects.
func TestThreat33_AFormWhosePanicOneMetIsNotEmptyForOthers(t *testing.T) {
	c := store.New(store.Options{})
	b := c.Builder()
	if err := b.Add(prettyObject(t, 1, 1)); err != nil {
		t.Fatal(err)
	}
	c.Replace(b, 1)
	keep := func(deflate func() (serialize.Block, error)) (block serialize.Block, err error) {
		for part := range c.Snapshot().All().Parts() {
			block, err = part.(serialize.Keeper).Keep(serialize.Form{Text: serialize.YAML}, deflate)
		}
		return block, err
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic is nobody's")
			}
		}()
		_, _ = keep(func() (serialize.Block, error) { panic("an object") })
	}()
	block, err := keep(func() (serialize.Block, error) { return serialize.Deflate([]byte("- items\n")), nil })
	if err != nil || block.Size == 0 {
		t.Errorf("got %d bytes, %v", block.Size, err)
	}
}
