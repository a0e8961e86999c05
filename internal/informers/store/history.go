package store

import (
	"slices"
	"sync"
)

// history is the events of a collection's recent past: a queue of chunks, of
// which the oldest are dropped when there are too many bytes. All watches read
// from it, each at its own place: it is every watcher's bounded queue at once.
type history struct {
	packer *Packer
	limit  int64

	mu     sync.Mutex
	chunks []*chunk
	packed int // how many chunks, from the oldest on, are packed
	size   int64
	next   int    // the number of the event to come
	floor  uint64 // all events after this version are here
	last   uint64 // the version of the last event, or floor
}

// add appends an event. One that is not newer than the last one cannot be
// resumed from, and breaks with the past.
func (h *history) add(e Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if e.ResourceVersion <= h.last {
		h.resetLocked(e.ResourceVersion)
		return
	}
	if e.Previous.Key() != "" {
		e.Previous = e.Previous.Clone() // it was part of a leaf's memory
	}
	e.lines = new(lines)
	c := h.openLocked()
	c.add(e)
	h.size += e.size()
	h.next++
	h.last = e.ResourceVersion
	if c.full() {
		c.seal(h.packer)
		if n := len(h.chunks); n > 1 {
			h.chunks[n-2].events = nil
		}
	}
	h.boundLocked()
}

// openLocked is the chunk to add to.
func (h *history) openLocked() *chunk {
	if n := len(h.chunks); n > 0 && h.chunks[n-1].sealed == nil {
		return h.chunks[n-1]
	}
	c := &chunk{begin: h.next}
	h.chunks = append(h.chunks, c)
	return c
}

// boundLocked packs, and then drops, the oldest chunks while there is too much.
func (h *history) boundLocked() {
	for h.size > h.limit/2 && h.packNextLocked() {
	}
	for h.size > h.limit && len(h.chunks) > 1 {
		oldest := h.chunks[0]
		h.floor = oldest.last()
		h.size -= oldest.size
		h.chunks = h.chunks[1:]
		h.packed = max(0, h.packed-1)
	}
}

// packNextLocked packs the oldest chunk that is not packed, and is false if
// only the open one is left.
func (h *history) packNextLocked() bool {
	c := h.unpackedLocked()
	if c == nil {
		return false
	}
	h.size -= c.size
	c.pack()
	h.size += c.size
	h.packed++
	return true
}

// unpackedLocked is the oldest chunk that is not packed but could be, or nil.
func (h *history) unpackedLocked() *chunk {
	if h.packed == len(h.chunks) || h.chunks[h.packed].sealed == nil {
		return nil
	}
	return h.chunks[h.packed]
}

// pack packs all chunks but the open one. Nobody waits while it deflates.
func (h *history) pack() {
	for {
		h.mu.Lock()
		c := h.unpackedLocked()
		h.mu.Unlock()
		if c == nil {
			return
		}
		c.sealed.Deflated()
		h.mu.Lock()
		if h.unpackedLocked() == c {
			h.packNextLocked()
		}
		h.mu.Unlock()
	}
}

// count is how many events there have been.
func (h *history) count() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.next
}

// reset forgets all events. From version on they will be kept again.
func (h *history) reset(version uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.resetLocked(version)
}

// resetLocked makes every place in the past invalid by skipping a number.
func (h *history) resetLocked(version uint64) {
	h.chunks, h.packed, h.size = nil, 0, 0
	h.next++
	h.floor, h.last = version, version
}

// after is the number of the first event after a version.
func (h *history) after(version uint64) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if version < h.floor {
		return 0, &TooOldError{Version: version, Oldest: h.floor}
	}
	i, _ := slices.BinarySearchFunc(h.chunks, version, func(c *chunk, version uint64) int { return before(c.last() <= version) })
	if i == len(h.chunks) {
		return h.next, nil
	}
	return h.chunks[i].after(version), nil
}

// read returns events from number on, which there must have been. The version
// is that which the reader has seen, for the error.
func (h *history) read(number int, version uint64) ([]Event, error) {
	h.mu.Lock()
	i, _ := slices.BinarySearchFunc(h.chunks, number, func(c *chunk, number int) int { return before(c.end() <= number) })
	if i == len(h.chunks) || h.chunks[i].begin > number {
		defer h.mu.Unlock()
		return nil, &TooOldError{Version: version, Oldest: h.floor}
	}
	c := *h.chunks[i]
	h.mu.Unlock()
	return c.from(number), nil
}
