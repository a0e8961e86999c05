package informers

import (
	"context"
	"slices"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// Collection is one resource's objects, in step with the API server.
type Collection struct {
	*store.Collection
	// Kind says how envelopes are written.
	Kind serialize.Kind
	// Warnings are the Warning headers that the API server gives with each answer: the resource is deprecated.
	Warnings []string
	// Columns are the definitions of a table's columns, as JSON; empty where objects carry no rows.
	Columns string
	// NoRows is how the API server writes the rows of an empty table: as an empty array, or as null.
	NoRows string
	// Age is how long ago the API server was last heard on it.
	Age time.Duration
	// Err is why the API server cannot be heard now; nil while it is.
	Err error
	// Zero is the object that the API server's bookmarks carry, or the row, as JSON; empty where it has sent none.
	Zero []byte
	// Ended is closed when nothing follows any more: watches end then.
	Ended <-chan struct{}
	// Touch says that the collection is still in use.
	Touch func()
}

// Cacheable says whether a resource is one to answer from memory: stored by the API server itself, with list and
// watch, and not excluded. A resource not heard of makes one more round of discovery, at most each two seconds.
func (c *Cluster) Cacheable(ctx context.Context, gvr schema.GroupVersionResource) (Resource, bool) {
	if c.excluded(gvr.GroupResource()) {
		return Resource{}, false
	}
	resource, ok := c.catalog.lookup(gvr)
	if !ok && c.rediscover(ctx) {
		resource, ok = c.catalog.lookup(gvr)
	}
	return resource, ok
}

// Preferred is a cacheable resource in the version that the API server prefers.
func (c *Cluster) Preferred(gr schema.GroupResource) (Resource, bool) {
	gvr, ok := c.catalog.preferred(gr)
	if !ok || c.excluded(gr) {
		return Resource{}, false
	}
	return c.catalog.lookup(gvr)
}

// Collection returns a resource's collection, started if need be, once it is synced. It fails with ErrNotWatchable
// where the API server will not have it watched, with ErrFull where there is no memory for it, and with the context's error where the time runs out.
func (c *Cluster) Collection(ctx context.Context, gvr schema.GroupVersionResource) (Collection, error) {
	resource, ok := c.Cacheable(ctx, gvr)
	if !ok {
		return Collection{}, ErrNotWatchable
	}
	m, err := c.obtain(ctx, key{GroupVersionResource: gvr}, func() *mirror { return newMirror(c.client, resource, c.options) })
	if err != nil {
		return Collection{}, err
	}
	collection, err := m.await(ctx)
	if apierrors.IsNotFound(err) {
		c.askSoon()
	}
	return collection, err
}

// Live lists the synced collections of a resource, in whatever versions, those of its tables among them.
func (c *Cluster) Live(gr schema.GroupResource) []Collection {
	var live []Collection
	for _, m := range c.mirrorsThat(func(m *mirror) bool { return m.resource.GroupResource() == gr }) {
		if m.collection.Snapshot() != nil && m.failed() == nil {
			live = append(live, m.view())
		}
	}
	return live
}

// Pinned returns a collection that the service itself needs, once it is synced.
func (c *Cluster) Pinned(ctx context.Context, gvr schema.GroupVersionResource) (Collection, error) {
	for {
		c.mu.Lock()
		entry, fresh := c.mirrors[key{GroupVersionResource: gvr}], c.fresh
		c.mu.Unlock()
		if entry != nil {
			return entry.await(ctx)
		}
		select {
		case <-fresh: // discovery may have started it
		case <-ctx.Done():
			return Collection{}, ctx.Err()
		}
	}
}

func (c *Cluster) excluded(resource schema.GroupResource) bool {
	return slices.Contains(c.options.Exclude, resource)
}
