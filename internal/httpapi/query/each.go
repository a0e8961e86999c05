package query

import (
	"fmt"
	"runtime"
	"runtime/debug"

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
// the processors there are, and returns when all are done. A panic in any is the
// caller's.
func each(n, alone int, do func(worker, from, to int, reader *store.Reader)) {
	workers := workersFor(n, alone)
	if workers == 1 {
		do(0, 0, n, new(store.Reader))
		return
	}
	var group errgroup.Group
	for i := range workers {
		group.Go(func() (err error) {
			defer func() {
				if cause := recover(); cause != nil {
					err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
				}
			}()
			do(i, n*i/workers, n*(i+1)/workers, new(store.Reader))
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		panic(err)
	}
}

// workersFor is how many goroutines look at n leaves.
func workersFor(n, alone int) int { return max(1, min(runtime.GOMAXPROCS(0), n/alone)) }
