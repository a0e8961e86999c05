package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/k8cache/k8cache/internal/serialize"
)

// Options are the settings of a collection. The zero value means defaults.
type Options struct{}

// Collection is one resource of one cluster.
type Collection struct {
	writing sync.Mutex
	current atomic.Pointer[Snapshot]
	synced  chan struct{}
}

// New makes an empty collection that is not synced.
func New(Options) *Collection { return &Collection{synced: make(chan struct{})} }

// Builder makes the next world of the collection, to be swapped in by Replace.
func (c *Collection) Builder() *Builder { return &Builder{objects: map[string]serialize.Object{}} }

// Replace swaps the world that b built in, as it was at resourceVersion.
func (c *Collection) Replace(b *Builder, resourceVersion uint64) {
	c.writing.Lock()
	defer c.writing.Unlock()
	c.publishLocked(b.sorted(), resourceVersion)
}

// Upsert puts o in the place of the object with its key, or adds it.
func (c *Collection) Upsert(o serialize.Object) {
	c.changeLocked(o, func(objects []serialize.Object, i int, found bool) []serialize.Object {
		if found {
			objects[i] = o
			return objects
		}
		return slices.Insert(objects, i, o)
	})
}

// Delete removes the object with o's key; o's version is the deletion's.
func (c *Collection) Delete(o serialize.Object) {
	c.changeLocked(o, func(objects []serialize.Object, i int, found bool) []serialize.Object {
		if found {
			return slices.Delete(objects, i, i+1)
		}
		return objects
	})
}

func (c *Collection) changeLocked(o serialize.Object, change func([]serialize.Object, int, bool) []serialize.Object) {
	c.writing.Lock()
	defer c.writing.Unlock()
	old := c.current.Load()
	if old == nil {
		return
	}
	i, found := slices.BinarySearchFunc(old.objects, o.Key(), byKey)
	c.publishLocked(change(slices.Clone(old.objects), i, found), max(old.version, o.ResourceVersion()))
}

// Bookmark says that the collection is unchanged up to version rv.
func (c *Collection) Bookmark(rv uint64) {
	c.writing.Lock()
	defer c.writing.Unlock()
	if old := c.current.Load(); old != nil && rv > old.version {
		c.publishLocked(old.objects, rv)
	}
}

func (c *Collection) publishLocked(objects []serialize.Object, version uint64) {
	old := c.current.Swap(&Snapshot{objects: objects, version: version, next: make(chan struct{})})
	if old == nil {
		close(c.synced)
		return
	}
	close(old.next)
}

// Synced is closed after the first Replace.
func (c *Collection) Synced() <-chan struct{} { return c.synced }

// Snapshot is the collection as it is now, or nil before the first Replace.
func (c *Collection) Snapshot() *Snapshot { return c.current.Load() }

// WaitFor waits until the collection has reached version rv. When ctx ends
// first, it returns the newest snapshot there is, if any, with the error.
func (c *Collection) WaitFor(ctx context.Context, rv uint64) (*Snapshot, error) {
	for {
		s := c.current.Load()
		changed := c.synced
		if s != nil {
			if s.version >= rv {
				return s, nil
			}
			changed = s.next
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return s, fmt.Errorf("wait for version %d: %w", rv, ctx.Err())
		}
	}
}

func byKey(o serialize.Object, key string) int { return strings.Compare(o.Key(), key) }
