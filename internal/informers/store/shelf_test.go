package store_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/k8cache/k8cache/internal/informers/store"
)

func TestSnapshotsAreHeldForAFewMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := synced(t, 3, store.Options{})
		c.Hold(c.Snapshot())
		c.Upsert(object(t, "a", "o1", 101, 100))
		c.Upsert(object(t, "a", "o2", 102, 100))
		if s := c.At(100); s == nil || s.ResourceVersion() != 100 {
			t.Error("not held")
		}
		if s := c.At(102); s != c.Snapshot() {
			t.Error("the current one is not found")
		}
		if c.At(101) != nil {
			t.Error("found one that nobody held")
		}
		time.Sleep(5*time.Minute + time.Second)
		if c.At(100) != nil {
			t.Error("still held")
		}
	})
}

func TestHeldSnapshotsAreDroppedWhenTheyTakeTooMuch(t *testing.T) {
	packer := store.NewPacker(store.PackerOptions{Budget: 200 << 10})
	c := synced(t, 500, store.Options{Packer: packer})
	list := objects(t, 500)
	var versions []uint64
	for version := uint64(101); version < 140; version++ {
		for i := range 10 {
			c.Upsert(object(t, "a", list[i*49].Name(), version*10+uint64(i), 2000))
		}
		c.Hold(c.Snapshot())
		versions = append(versions, c.Snapshot().ResourceVersion())
	}
	packer.Pack()
	held := 0
	for _, version := range versions {
		if c.At(version) != nil {
			held++
		}
	}
	if held == 0 || held == len(versions) || c.At(versions[len(versions)-1]) == nil {
		t.Errorf("%d of %d snapshots are held", held, len(versions))
	}
}
