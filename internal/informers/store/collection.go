package store

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/k8cache/k8cache/internal/serialize"
)

// Options are the settings of a collection. The zero value means defaults.
type Options struct {
	// Packer packs the collection's leaves. The default is one of its own that
	// nobody runs: it keeps to its budget, but packs nothing that is idle.
	Packer *Packer
	// History bounds the events kept, in bytes. The default is 8 MiB.
	History int64
	// Limit bounds the deflated objects of one list, in bytes. There is none
	// by default.
	Limit int64
}

// Collection is the objects of one resource of one cluster.
type Collection struct {
	packer  *Packer
	limit   int64
	history history
	shelf   shelf

	writing sync.Mutex // held by whoever makes the next snapshot
	tree    tree       // the writer's; snapshots have copies
	current atomic.Pointer[Snapshot]
	synced  chan struct{}
}

// New makes a collection that is not synced.
func New(o Options) *Collection {
	if o.Packer == nil {
		o.Packer = NewPacker(PackerOptions{})
	}
	c := &Collection{packer: o.Packer, limit: cmp.Or(o.Limit, math.MaxInt64), synced: make(chan struct{})}
	c.history.packer, c.history.limit = o.Packer, cmp.Or(o.History, 8<<20)
	o.Packer.add(c)
	return c
}

// Builder makes the next world of the collection, to be swapped in by Replace.
// Of the world that is there now it takes over what has not changed.
func (c *Collection) Builder() *Builder {
	b := &Builder{limit: c.limit, old: slices.Collect(c.Snapshot().leaves())}
	b.main = packing{packer: c.packer, old: b.old}
	return b
}

// Replace swaps in the world that b built, as it was at version. What differs
// from the world before becomes events. The builder is used up.
func (c *Collection) Replace(b *Builder, version uint64) {
	leaves := b.finish()
	c.writing.Lock()
	defer c.writing.Unlock()
	old := c.current.Load()
	next := &Snapshot{tree: newTree(leaves), version: version}
	for _, l := range leaves {
		next.length += len(l.refs)
		next.bytes += l.bytes()
	}
	c.tree = next.tree.copy()
	if old == nil || version < old.version {
		c.shelf.drop(true)
		c.history.reset(version)
	} else {
		c.record(old, next)
	}
	c.publishLocked(next)
	for _, p := range old.allBut(next).pieces {
		p.leaf.retire()
	}
}

// Upsert puts o in the place of the object with its key, or adds it. The
// object's bytes become the collection's. One that is not newer than what is
// there changes nothing, nor does any before the first Replace.
func (c *Collection) Upsert(o serialize.Object) {
	c.writing.Lock()
	defer c.writing.Unlock()
	next, ok := c.nextLocked(o)
	if !ok {
		return
	}
	e := edit{tree: c.tree, packer: c.packer}
	previous, existed := e.put(o)
	event := Event{Type: Added, Object: o, Previous: previous, ResourceVersion: o.ResourceVersion()}
	if next.bytes += int64(o.Size()); existed {
		event.Type = Modified
		next.bytes -= int64(previous.Size())
	} else {
		next.length++
	}
	c.commitLocked(next, e, event)
}

// Delete removes the object with o's key. O is its last content, at the
// version of the deletion.
func (c *Collection) Delete(o serialize.Object) {
	c.writing.Lock()
	defer c.writing.Unlock()
	next, ok := c.nextLocked(o)
	if !ok {
		return
	}
	e := edit{tree: c.tree, packer: c.packer}
	previous, existed := e.remove(o.Key())
	if !existed {
		c.publishLocked(next)
		return
	}
	next.length--
	next.bytes -= int64(previous.Size())
	c.commitLocked(next, e, Event{Type: Deleted, Object: o, Previous: previous, ResourceVersion: o.ResourceVersion()})
}

// Bookmark says that nothing else has changed up to a version.
func (c *Collection) Bookmark(version uint64) {
	c.writing.Lock()
	defer c.writing.Unlock()
	if now := c.current.Load(); now != nil && version > now.version {
		c.publishLocked(now.at(version))
	}
}

// nextLocked begins the next snapshot, for a change to o. It is false if there
// is nothing to change.
func (c *Collection) nextLocked(o serialize.Object) (*Snapshot, bool) {
	now := c.current.Load()
	if now == nil {
		return nil, false
	}
	if l, i, ok := c.tree.search(o.Key()); ok && l.refs[i].ResourceVersion() >= o.ResourceVersion() {
		return nil, false
	}
	return now.at(max(now.version, o.ResourceVersion())), true
}

// at is the snapshot as it is at a later version, with all else the same.
func (s *Snapshot) at(version uint64) *Snapshot {
	return &Snapshot{tree: s.tree, version: version, length: s.length, bytes: s.bytes}
}

// commitLocked publishes an edit.
func (c *Collection) commitLocked(next *Snapshot, e edit, event Event) {
	next.tree = c.tree.copy()
	c.history.add(event)
	c.publishLocked(next)
	c.packer.settle(e.made)
}

// publishLocked shows a snapshot to readers and wakes those who wait.
func (c *Collection) publishLocked(next *Snapshot) {
	next.next = make(chan struct{})
	next.events = c.history.count()
	if old := c.current.Swap(next); old != nil {
		close(old.next)
		return
	}
	close(c.synced)
}

// Synced is closed after the first Replace.
func (c *Collection) Synced() <-chan struct{} { return c.synced }

// Snapshot is the collection as it is now, or nil before the first Replace.
func (c *Collection) Snapshot() *Snapshot { return c.current.Load() }

// WaitFor waits until the collection has reached a version. When ctx ends
// first, it returns the newest snapshot there is, if any, with the error.
func (c *Collection) WaitFor(ctx context.Context, version uint64) (*Snapshot, error) {
	for {
		s := c.current.Load()
		changed := c.synced
		if s != nil {
			if s.version >= version {
				return s, nil
			}
			changed = s.next
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return s, fmt.Errorf("wait for version %d: %w", version, ctx.Err())
		}
	}
}
