package informers

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"go.uber.org/zap"

	"github.com/k8cache/k8cache/internal/serialize"
)

// ErrFull says that there is no memory for one more collection.
var ErrFull = errors.New("there is no memory for it")

const (
	// roomCheck is after how many bytes of a first sync it is asked whether there is room for more.
	roomCheck = 1 << 20
	// spareIdle is how long nobody must have asked for a collection that is given up for lack of memory.
	spareIdle = time.Minute
)

func (c *Cluster) full() bool { return c.options.Full != nil && c.options.Full() }

// roomy stops a first sync that outgrows the memory. What is synced is kept in step in any case: half of it is no cache.
func (m *mirror) roomy(add func(serialize.Object) error) func(serialize.Object) error {
	if m.full == nil || m.pinned || m.collection.Snapshot() != nil {
		return add
	}
	unchecked := 0
	return func(o serialize.Object) error {
		if unchecked += o.Size(); unchecked < roomCheck {
			return add(o)
		}
		if unchecked = 0; m.full() {
			m.pending = nil // what there is of it makes room
			return m.heard(ErrFull)
		}
		return add(o)
	}
}

// makeRoom gives up the collection that was idle longest, if memory is short and it was for a while.
func (c *Cluster) makeRoom() {
	if !c.full() {
		return
	}
	idle := c.mirrorsThat(func(m *mirror) bool { return !m.pinned && m.idle() > spareIdle })
	if len(idle) == 0 {
		return
	}
	longest := slices.MaxFunc(idle, func(a, b *mirror) int { return cmp.Compare(a.idle(), b.idle()) })
	c.log.Warn("memory is short: given up what was idle longest", zap.Stringer("resource", longest.resource))
	c.forget(longest)
}
