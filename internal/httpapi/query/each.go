package query

import (
	"runtime"

	"golang.org/x/sync/errgroup"

	"github.com/k8cache/k8cache/internal/informers/store"
)

// How many leaves one goroutine looks at before another helps: of those that
// it may know already, and of those that it has to unpack.
const (
	knownAlone  = 128
	packedAlone = 16
)

// each calls do for the ranges that n leaves are divided into, side by side on
// the processors there are, and returns when all are done.
func each(n, alone int, do func(worker, from, to int, reader *store.Reader)) {
	workers := workersFor(n, alone)
	if workers == 1 {
		do(0, 0, n, new(store.Reader))
		return
	}
	var group errgroup.Group
	for i := range workers {
		group.Go(func() error {
			do(i, n*i/workers, n*(i+1)/workers, new(store.Reader))
			return nil
		})
	}
	_ = group.Wait() // none fails
}

// workersFor is how many goroutines look at n leaves.
func workersFor(n, alone int) int { return max(1, min(runtime.GOMAXPROCS(0), n/alone)) }
