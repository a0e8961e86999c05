package informers

import (
	"context"
	"slices"
	"sync"

	"go.uber.org/zap"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// key names a mirror.
type key struct {
	schema.GroupVersionResource
	tables bool
}

// running is a mirror that Run has, or will have.
type running struct {
	*mirror
	cancel context.CancelFunc
}

// lookup finds a mirror; nil where there is none.
func (c *Cluster) lookup(name key) *mirror {
	c.mu.Lock()
	defer c.mu.Unlock()
	if entry := c.mirrors[name]; entry != nil {
		return entry.mirror
	}
	return nil
}

// obtain finds a mirror, or makes one and hands it to Run.
func (c *Cluster) obtain(ctx context.Context, name key, build func() *mirror) (*mirror, error) {
	c.mu.Lock()
	entry, found := c.mirrors[name]
	if needed := !name.tables && slices.Contains(c.pinned(), name.GroupVersionResource); !found && !needed && c.full() {
		c.mu.Unlock()
		c.askSoon() // the round makes room, if there is any to be made
		return nil, ErrFull
	}
	if !found {
		entry = &running{mirror: build(), cancel: func() {}}
		c.mirrors[name] = entry
	}
	c.mu.Unlock()
	if found {
		return entry.mirror, nil
	}
	select {
	case c.started <- entry.mirror:
		return entry.mirror, nil
	case <-ctx.Done():
		c.forget(entry.mirror)
		return nil, ctx.Err()
	}
}

// mirror runs one mirror, and forgets it when it ends.
func (c *Cluster) mirror(ctx context.Context, m *mirror) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if !c.adopt(m, cancel) {
		return
	}
	about := []zap.Field{zap.Stringer("resource", m.resource), zap.Bool("tables", m.tables)}
	c.log.Info("watch started", about...)
	var checks sync.WaitGroup
	checks.Go(func() { c.checkRegularly(ctx, m) })
	m.Run(ctx)
	cancel()
	checks.Wait()
	c.log.Info("watch stopped", append(about, zap.NamedError("reason", m.reason))...)
}

// adopt notes how to end a mirror that is about to run; false where it was forgotten before.
func (c *Cluster) adopt(m *mirror, cancel context.CancelFunc) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	entry := c.mirrors[m.key()]
	if entry == nil || entry.mirror != m {
		return false
	}
	entry.cancel = cancel
	return true
}

// mirrorsThat are the mirrors of which is says yes.
func (c *Cluster) mirrorsThat(is func(*mirror) bool) []*mirror {
	c.mu.Lock()
	defer c.mu.Unlock()
	var found []*mirror
	for _, entry := range c.mirrors {
		if is(entry.mirror) {
			found = append(found, entry.mirror)
		}
	}
	return found
}

// forget ends mirrors; who asks for one of those has a new one made.
func (c *Cluster) forget(mirrors ...*mirror) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range mirrors {
		if entry := c.mirrors[m.key()]; entry != nil && entry.mirror == m {
			c.forgetLocked(entry)
		}
	}
}

func (c *Cluster) forgetLocked(entry *running) {
	delete(c.mirrors, entry.key())
	entry.cancel()
	entry.end(errStopped)
}
