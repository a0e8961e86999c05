package rbac

import (
	"sync"

	"k8s.io/utils/lru"
)

// memory keeps compiled grants, the least recently used going first. Its bound is a weight and no count, because a
// user with a thousand namespaces takes a thousand times the room of one with a single binding.
// It is safe for concurrent use.
type memory struct {
	mu     sync.Mutex
	lru    *lru.Cache
	weight int
	limit  int
}

// remembered is a compilation and the epoch under which it was last found true.
type remembered struct {
	epoch  uint64
	grants *grants
}

// maxEntries bounds the number of entries, whose keys weigh something too.
const maxEntries = 1 << 16

func newMemory(limit int) *memory {
	m := &memory{limit: limit}
	m.lru = lru.NewWithEvictionFunc(maxEntries, func(_ lru.Key, value any) {
		m.weight -= value.(remembered).grants.weight
	})
	return m
}

// get returns what is remembered under the key, of whatever epoch.
func (m *memory) get(key Digest) (remembered, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	value, ok := m.lru.Get(key)
	if !ok {
		return remembered{}, false
	}
	return value.(remembered), true
}

// put keeps, and drops others until the weight is within the bound.
func (m *memory) put(key Digest, r remembered) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.lru.Remove(key)
	m.lru.Add(key, r)
	m.weight += r.grants.weight
	for m.weight > m.limit && m.lru.Len() > 1 {
		m.lru.RemoveOldest()
	}
}
