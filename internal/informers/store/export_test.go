package store

import (
	"fmt"

	"github.com/k8cache/k8cache/internal/serialize"
)

// CheckTree says what is wrong with the shape of the current tree.
func (c *Collection) CheckTree() error {
	last := ""
	for s := range c.current.Load().slots() {
		switch {
		case len(s.refs) == 0:
			return fmt.Errorf("leaf at %q is empty", s.low)
		case s.low > s.first() || s.first() <= last || s.low <= last && last != "":
			return fmt.Errorf("leaf at %q of %q to %q overlaps the one up to %q", s.low, s.first(), s.last(), last)
		case s.stale.Load():
			return fmt.Errorf("leaf at %q is stale", s.low)
		case len(s.refs) > 1 && (s.size > 2*fullLeaf+64<<10 || len(s.refs) > 2*fullCount+1):
			return fmt.Errorf("leaf at %q has %d objects of %d bytes", s.low, len(s.refs), s.size)
		}
		last = s.last()
	}
	return nil
}

// slots are the snapshot's slots.
func (s *Snapshot) slots() func(func(slot) bool) { return s.tree.slots.Scan }

// Leaves is the number of leaves of the current tree, and how many of them
// are at hand.
func (c *Collection) Leaves() (all, atHand int) {
	for l := range c.Snapshot().leaves() {
		if all++; l.raw.Load() != nil {
			atHand++
		}
	}
	return all, atHand
}

// Resident is what the current tree takes beside its deflated form.
func (c *Collection) Resident() int64 {
	n := int64(0)
	for l := range c.Snapshot().leaves() {
		n += l.resident()
	}
	return n
}

// AtHand says whether the leaf of the object with key is at hand.
func (c *Collection) AtHand(key string) bool {
	l, _, ok := c.Snapshot().tree.search(key)
	return ok && l.raw.Load() != nil
}

// Memories is the number of things that the first leaf remembers.
func (c *Collection) Memories() int {
	for l := range c.Snapshot().leaves() {
		return len(*l.memories.Load())
	}
	return 0
}

// Sketched is the number of leaves that have a sketch, and its deflated bytes.
func (c *Collection) Sketched() (leaves int, size int64) {
	for l := range c.Snapshot().leaves() {
		if sketch := l.sketch.Load(); sketch != nil {
			leaves++
			size += int64(len(sketch.Data))
		}
	}
	return leaves, size
}

// PackPart packs a leaf.
func PackPart(part serialize.Part) { part.(*leaf).pack() }
