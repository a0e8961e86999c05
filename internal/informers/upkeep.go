package informers

import (
	"context"
	"slices"
	"time"

	"go.uber.org/zap"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// tablesIdle stops the watch of a resource's tables that nobody asked for so long, unless the idle timeout is shorter. They
// are a second copy of the objects, for people at terminals, who come and go.
const tablesIdle = 5 * time.Minute

// discover asks the API server what it serves: at once, then regularly, whenever that changes, and whenever a request
// meets a resource that is not known. Between rounds it starts what is to be watched from the start and stops what nobody
// asks for.
func (c *Cluster) discover(ctx context.Context) {
	tick := time.NewTimer(0)
	defer tick.Stop()
	for {
		c.round(ctx)
		c.stopIdle()
		c.makeRoom()
		if tick.Reset(discoveryPeriod); c.settling() {
			tick.Reset(settlePeriod)
		}
		select {
		case <-tick.C:
		case <-c.ask:
		case <-ctx.Done():
			return
		}
	}
}

func (c *Cluster) round(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, discoveryTimeout)
	defer cancel()
	err := c.catalog.refresh(ctx)
	if err == nil {
		_ = c.recognize(ctx) // what there was is forgotten then, and startPinned begins anew
	}
	before := c.problem.Swap(&err)
	switch {
	case err != nil && (before == nil || *before == nil):
		c.log.Warn("cluster cannot be discovered", zap.Error(err))
	case err == nil && before != nil && *before != nil:
		c.log.Info("cluster is back")
	}
	if err == nil {
		c.stopGone()
	}
	c.startPinned(ctx)
	c.mu.Lock()
	close(c.fresh)
	c.fresh = make(chan struct{})
	c.mu.Unlock()
	if err == nil {
		c.markReached()
	}
}

// markReached is called from discover's goroutine alone.
func (c *Cluster) markReached() {
	select {
	case <-c.reached:
	default:
		close(c.reached)
	}
}

// rediscover asks for one more round and waits for it, unless the last is too young for that. It says whether there
// was one.
func (c *Cluster) rediscover(ctx context.Context) bool {
	if age, ok := c.catalog.age(time.Now()); ok && age < rediscovery {
		return false
	}
	c.mu.Lock()
	fresh := c.fresh
	c.mu.Unlock()
	c.askSoon()
	select {
	case <-fresh:
		return true
	case <-ctx.Done():
		return false
	}
}

// askSoon asks for one more round of discovery.
func (c *Cluster) askSoon() {
	select {
	case c.ask <- struct{}{}:
	default: // somebody else asked already
	}
}

func (c *Cluster) startPinned(ctx context.Context) {
	for _, gvr := range c.pinned() {
		resource, ok := c.catalog.lookup(gvr)
		if !ok {
			continue
		}
		pinned := func() *mirror {
			m := newMirror(c.client, resource, c.options)
			m.pinned = true
			return m
		}
		if _, err := c.obtain(ctx, key{GroupVersionResource: gvr}, pinned); err != nil {
			return // the context ended
		}
	}
}

// pinned lists what is watched from the start: the service's own needs, then the preloads in each version served.
func (c *Cluster) pinned() []schema.GroupVersionResource {
	pinned := c.options.Pinned
	for _, want := range c.options.Preload {
		if gvr, ok := c.catalog.preferred(want); ok {
			pinned = append(slices.Clip(pinned), gvr)
		}
	}
	return pinned
}

// stopGone forgets what the API server no longer has, or has as something else: a CRD was removed, or defined anew.
func (c *Cluster) stopGone() {
	c.forget(c.mirrorsThat(func(m *mirror) bool {
		now, ok := c.catalog.lookup(m.resource.GroupVersionResource)
		return !ok || now != m.resource
	})...)
}

// stopIdle forgets what nobody asks for.
func (c *Cluster) stopIdle() {
	c.forget(c.mirrorsThat(func(m *mirror) bool {
		most := c.idleTime(m)
		return most > 0 && m.idle() > most
	})...)
}

// idleTime is how long a mirror may be idle; zero: for ever.
func (c *Cluster) idleTime(m *mirror) time.Duration {
	most := c.options.IdleTimeout
	switch {
	case m.pinned:
		return 0
	case m.tables && (most <= 0 || most > tablesIdle):
		return tablesIdle
	}
	return most
}
