package store_test

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

func TestPackerPacksWhatIsIdle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		packer := store.NewPacker(store.PackerOptions{Interval: time.Second})
		c := synced(t, 2000, store.Options{Packer: packer})
		stopped := make(chan error)
		go func() { stopped <- packer.Run(ctx) }()
		if _, atHand := c.Leaves(); atHand != 0 {
			t.Errorf("%d leaves at hand after a list", atHand)
		}
		c.Upsert(object(t, "a", "o7", 3000, 100))
		c.Snapshot().Get("a", "o1999")
		if _, atHand := c.Leaves(); atHand != 2 || packer.Resident() == 0 {
			t.Errorf("%d leaves at hand, %d bytes", atHand, packer.Resident())
		}
		for range 5 {
			time.Sleep(time.Second)
			c.Snapshot().Get("a", "o7")
		}
		if _, atHand := c.Leaves(); atHand != 1 {
			t.Errorf("%d leaves at hand, one is in use", atHand)
		}
		time.Sleep(5 * time.Second)
		if _, atHand := c.Leaves(); atHand != 0 || packer.Resident() != 0 {
			t.Errorf("%d leaves at hand, %d bytes, none is in use", atHand, packer.Resident())
		}
		cancel()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
	})
}

func TestBudgetBoundsWhatReadsAndWritesUnpack(t *testing.T) {
	const budget = 300 << 10
	packer := store.NewPacker(store.PackerOptions{Budget: budget})
	c := synced(t, 10_000, store.Options{Packer: packer})
	for i, o := range objects(t, 10_000) {
		switch {
		case i%100 == 0:
			c.Upsert(object(t, "a", o.Name(), 20_000+uint64(i), 100))
		case i%10 == 0:
			if got, ok := c.Snapshot().Get("a", o.Name()); !ok || got.Name() != o.Name() {
				t.Fatalf("%s is lost", o.Name())
			}
		}
		if n := packer.Resident(); n > budget || n != c.Resident() {
			t.Fatalf("%d bytes at hand, %d accounted for, %d allowed", c.Resident(), n, budget)
		}
	}
	if n := c.Snapshot().All().Filter(func(o serialize.Ref) bool { return o.ResourceVersion() > 20_000 }).Len(); n != 99 {
		t.Errorf("%d objects are new", n)
	}
	if _, atHand := c.Leaves(); atHand == 0 {
		t.Errorf("nothing is at hand, %d bytes", packer.Resident())
	}
}

func TestWritesPackWhatIsColderThanTheirOwnLeaf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		packer := store.NewPacker(store.PackerOptions{Budget: 1 << 20})
		c := synced(t, 10_000, store.Options{Packer: packer})
		stopped := make(chan error)
		go func() { stopped <- packer.Run(ctx) }()
		for r := range c.Snapshot().All().Refs() {
			c.Snapshot().Get("a", r.Name()) // the first ones fill the budget
		}
		time.Sleep(6 * time.Second)
		for version := uint64(20_000); version < 20_200; version += 2 {
			c.Upsert(object(t, "a", "o9999", version, 100))
			c.Upsert(object(t, "a", fmt.Sprintf("o%d", version%997), version+1, 100))
			if !c.AtHand("a/o9999") || packer.Resident() > 1<<20 {
				t.Fatalf("at hand: %t, %d bytes are", c.AtHand("a/o9999"), packer.Resident())
			}
		}
		cancel()
		if err := <-stopped; err != nil {
			t.Error(err)
		}
	})
}

func TestPackerForgetsCollectionsThatNobodyHas(t *testing.T) {
	packer := store.NewPacker(store.PackerOptions{})
	c := synced(t, 100, store.Options{Packer: packer})
	c.Snapshot().Get("a", "o1")
	if packer.Resident() == 0 {
		t.Error("nothing is at hand")
	}
	c = nil
	collectGarbage()
	packer.Pack()
	if packer.Resident() != 0 {
		t.Errorf("%d bytes at hand", packer.Resident())
	}
	_ = c
}
