package informers

import (
	"context"
	"sync"
	"time"

	"github.com/tidwall/gjson"
	"go.uber.org/zap"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/k8cache/k8cache/internal/informers/store"
)

const (
	// headType asks an API server for nothing of an object but its metadata.
	headType = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"
	// settleTime is how long discovery may take to follow a change of what is served: an API server's own parts hear of it
	// one after the other. Until then it is asked again at each settlePeriod.
	settleTime, settlePeriod = 5 * time.Second, time.Second
)

// apiServices are the groups and versions that an API server serves, or has others serve.
func apiServices() schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "apiregistration.k8s.io", Version: "v1", Resource: "apiservices"}
}

// redefinitions are changes of what an API server serves that discovery is still to follow.
type redefinitions struct {
	mu    sync.Mutex
	until time.Time                         // when the last of them will have been followed
	kinds map[schema.GroupResource]struct{} // whose definition has changed
}

// note remembers a change.
func (r *redefinitions) note() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.until = time.Now().Add(settleTime)
}

// noteKind remembers that a kind is defined otherwise now.
func (r *redefinitions) noteKind(kind schema.GroupResource) {
	r.note()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kinds == nil {
		r.kinds = map[schema.GroupResource]struct{}{}
	}
	r.kinds[kind] = struct{}{}
}

// settled takes the kinds that are to be read anew, once all has been followed.
func (r *redefinitions) settled() (kinds map[schema.GroupResource]struct{}, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if time.Now().Before(r.until) {
		return nil, false
	}
	kinds, r.kinds = r.kinds, nil
	return kinds, true
}

// settling says whether discovery should ask again soon. Once it need not, collections of kinds that were defined otherwise
// are ended, as an API server ends their watches: their objects may read otherwise now, under the same versions.
func (c *Cluster) settling() bool {
	kinds, ok := c.served.settled()
	if !ok {
		return true
	}
	c.forget(c.mirrorsThat(func(m *mirror) bool {
		_, changed := kinds[m.resource.GroupResource()]
		return changed
	})...)
	return false
}

// followServed watches what changes what the API server serves. Where the service may not, there are the regular rounds.
func (c *Cluster) followServed(ctx context.Context, gvr schema.GroupVersionResource) {
	// It is always read from the start: whether the API server is still the one that it was is not worth a question.
	m := newMirror(c.client, Resource{GroupVersionResource: gvr}, ClusterOptions{
		verify: func(context.Context, Resource, string) error { return errAnew() },
	})
	m.heads = true
	var running sync.WaitGroup
	running.Go(func() { m.Run(ctx) })
	defer running.Wait()
	select {
	case <-m.collection.Synced():
	case <-ctx.Done():
		return
	}
	c.log.Info("what is served is watched", zap.Stringer("resource", gvr))
	events := m.collection.WatchFrom(m.collection.Snapshot())
	for {
		changes, more, err := events.Take()
		if err != nil { // too much at once
			events = m.collection.WatchFrom(m.collection.Snapshot())
			c.changed()
			continue
		}
		for _, e := range changes {
			c.follow(gvr, e)
		}
		if more == nil {
			continue
		}
		select {
		case <-more:
		case <-ctx.Done():
			return
		}
	}
}

// changed has discovery ask what is served, now and until that has settled.
func (c *Cluster) changed() {
	c.served.note()
	c.askSoon()
}

// follow takes a change of a definition or an API service.
func (c *Cluster) follow(gvr schema.GroupVersionResource, e store.Event) {
	if gvr == definitions() && e.Type == store.Modified && generation(e.Object.Bytes()) != generation(e.Previous.Bytes()) {
		c.served.noteKind(schema.ParseGroupResource(e.Object.Name()))
	}
	c.changed()
}

// generation counts how often an object's specification was changed.
func generation(object []byte) int64 { return gjson.GetBytes(object, "metadata.generation").Int() }
