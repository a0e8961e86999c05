package store

import (
	"slices"
	"sync"
	"time"
)

// How long and how many snapshots are held for continue tokens. An API server
// keeps what they need for five minutes.
const (
	maxHeld  = 64
	heldTime = 5 * time.Minute
)

// shelf holds old snapshots. What one costs is what has changed since.
type shelf struct {
	mu   sync.Mutex
	held []held
}

// held is a snapshot and when it was last asked to be held.
type held struct {
	snapshot *Snapshot
	at       time.Time
}

// put holds a snapshot as the most recently used one.
func (h *shelf) put(s *Snapshot) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.held = slices.DeleteFunc(h.held, func(old held) bool { return old.snapshot.version == s.version })
	h.held = append(h.held, held{snapshot: s, at: time.Now()})
	if len(h.held) > maxHeld {
		h.held = slices.Delete(h.held, 0, 1)
	}
}

// find returns the snapshot held of a version, or nil.
func (h *shelf) find(version uint64) *Snapshot {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, old := range h.held {
		if old.snapshot.version == version && time.Since(old.at) < heldTime {
			return old.snapshot
		}
	}
	return nil
}

// drop lets go of all snapshots, or of those that are past their time.
func (h *shelf) drop(all bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.held = slices.DeleteFunc(h.held, func(old held) bool { return all || time.Since(old.at) >= heldTime })
}

// dropOldest lets go of the snapshot that was used least recently.
func (h *shelf) dropOldest() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.held) > 0 {
		h.held = slices.Delete(h.held, 0, 1)
	}
}

// snapshots are those held, the least recently used one first.
func (h *shelf) snapshots() []*Snapshot {
	h.mu.Lock()
	defer h.mu.Unlock()
	snapshots := make([]*Snapshot, len(h.held))
	for i, old := range h.held {
		snapshots[i] = old.snapshot
	}
	return snapshots
}

// pack packs what only held snapshots have and returns how much that takes,
// having let go of as many of them as it takes to stay within limit.
func (h *shelf) pack(limit int64) int64 {
	h.drop(false)
	for {
		size := int64(0)
		counted := map[*leaf]bool{}
		for _, s := range h.snapshots() {
			for l := range s.leaves() {
				if l.stale.Load() && !counted[l] {
					counted[l] = true
					l.pack()
					size += l.atRest()
				}
			}
		}
		if size <= limit {
			return size
		}
		h.dropOldest()
	}
}

// atRest is about what a packed leaf takes.
func (l *leaf) atRest() int64 {
	const each = 96 // a Ref and its key
	size := int64(len(l.Deflated().Data)+len(l.refs)*each) + l.derived()
	if sketch := l.sketch.Load(); sketch != nil {
		size += int64(len(sketch.Data))
	}
	return size
}

// Hold keeps a snapshot readable by At, for a few minutes or until there is no
// memory for it: for the continue token of a page that was read from it.
func (c *Collection) Hold(s *Snapshot) { c.shelf.put(s) }

// At is the snapshot of exactly that version if it is the current one or held,
// else nil.
func (c *Collection) At(version uint64) *Snapshot {
	if s := c.current.Load(); s != nil && s.version == version {
		return s
	}
	return c.shelf.find(version)
}
