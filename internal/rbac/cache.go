package rbac

import (
	"sync"

	"k8s.io/utils/lru"
)

// cache remembers compiled grants, the least recently used going first. Its bound is a weight and no count, because a
// user with a thousand namespaces takes a thousand times the room of one with a single binding.
// It is safe for concurrent use.
type cache struct {
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

func newCache(limit int) *cache {
	c := &cache{limit: limit}
	c.lru = lru.NewWithEvictionFunc(maxEntries, func(_ lru.Key, value any) {
		c.weight -= value.(remembered).grants.weight
	})
	return c
}

// get returns what is remembered under the key, of whatever epoch.
func (c *cache) get(key Digest) (remembered, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	value, ok := c.lru.Get(key)
	if !ok {
		return remembered{}, false
	}
	return value.(remembered), true
}

// put remembers, and forgets others until the weight is within the bound.
func (c *cache) put(key Digest, r remembered) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lru.Remove(key)
	c.lru.Add(key, r)
	c.weight += r.grants.weight
	for c.weight > c.limit && c.lru.Len() > 1 {
		c.lru.RemoveOldest()
	}
}
