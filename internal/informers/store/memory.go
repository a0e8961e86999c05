package store

import (
	"slices"
	"sync/atomic"
)

// maxDerived bounds what one leaf remembers; what was not used for longest
// makes room.
const maxDerived = 32

// Derived is something made of a leaf's objects, which can be made again. It
// never changes.
type Derived interface {
	// Bytes is about how much memory it takes.
	Bytes() int64
}

// memory is one thing that a leaf remembers.
type memory struct {
	key   string
	value Derived
	bytes int64
	used  atomic.Uint64 // the packer's round of the last use
}

// eachMemory is what a memory takes beside its value.
const eachMemory = 64

// recall returns what the leaf remembers under a key, or nil.
func (l *leaf) recall(key string) Derived {
	all := l.memories.Load()
	if all == nil {
		return nil
	}
	for _, m := range *all {
		if m.key == key {
			if now := l.packer.round.Load(); m.used.Load() != now {
				m.used.Store(now)
				l.touch()
			}
			return m.value
		}
	}
	return nil
}

// rememberLocked keeps a value if the packer has room. The caller holds
// l.computing.
func (l *leaf) rememberLocked(key string, value Derived) {
	m := &memory{key: key, value: value, bytes: value.Bytes() + int64(len(key)) + eachMemory}
	if !l.packer.admit(m.bytes) {
		return
	}
	m.used.Store(l.packer.round.Load())
	l.touch()
	var memories []*memory
	if all := l.memories.Load(); all != nil {
		memories = slices.Clone(*all)
	}
	if len(memories) == maxDerived {
		oldest := 0
		for i, other := range memories {
			if other.used.Load() < memories[oldest].used.Load() {
				oldest = i
			}
		}
		l.packer.release(memories[oldest].bytes)
		memories = slices.Delete(memories, oldest, oldest+1)
	}
	memories = append(memories, m)
	l.memories.Store(&memories)
}

// derived is the memory that memories and the blocks of other forms take.
func (l *leaf) derived() int64 {
	n := l.forms.size()
	if all := l.memories.Load(); all != nil {
		for _, m := range *all {
			n += m.bytes
		}
	}
	return n
}

// forget drops memories and the blocks of other forms, which can be made
// again, and returns how much that was.
func (l *leaf) forget() int64 {
	l.computing.Lock()
	defer l.computing.Unlock()
	n := l.derived()
	l.forms.forget()
	l.memories.Store(nil)
	return n
}

// Forget drops all that the collection's leaves remember. Measurements begin
// with it.
func (c *Collection) Forget() {
	for l := range c.Snapshot().leaves() {
		l.packer.release(l.pack() + l.forget())
	}
}

// resident is what the leaf takes beside its deflated form.
func (l *leaf) resident() int64 {
	n := l.derived()
	if l.raw.Load() != nil {
		n += l.size
	}
	return n
}
