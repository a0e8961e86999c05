package httpapi

import (
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// Bounds of what is answered from memory at once. A list's memory does not grow with its size, so these protect the
// processor and the sockets; nobody's share is so large that others are left without.
const (
	maxReads, maxReadsEach     = 1024, 128
	maxQueries, maxQueriesEach = 256, 32 // one that nobody has asked before may look at every object
	maxWatches, maxWatchesEach = 20000, 2000
)

// limit counts requests that are being answered, in all and for each caller.
type limit struct {
	most, mostEach int

	mu   sync.Mutex
	all  int
	each map[string]int
}

func newLimit(most, mostEach int) *limit {
	return &limit{most: most, mostEach: mostEach, each: map[string]int{}}
}

// enter takes a place for a caller of a cluster, to be given back by leave, or fails with a 429.
func (l *limit) enter(cluster, user string) (leave func(), err error) {
	key := cluster + "\x00" + user // no cluster's name has a NUL: the kubeconfig could not have been read
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all >= l.most || l.each[key] >= l.mostEach {
		return nil, apierrors.NewTooManyRequests("too many requests are being answered, try again", retrySeconds)
	}
	l.all++
	l.each[key]++
	return func() { l.leave(key) }, nil
}

// count is how many requests are being answered.
func (l *limit) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all
}

func (l *limit) leave(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all--
	if l.each[key]--; l.each[key] == 0 {
		delete(l.each, key)
	}
}
