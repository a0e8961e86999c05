package main

import (
	"math"
	"runtime/debug"
	"runtime/metrics"
)

// liveHeap is the memory that the last garbage collection found in use.
const liveHeap = "/gc/heap/live:bytes"

// memory is what the process may take: GOMEMLIMIT, as the Go runtime has read it. Without one there is no bound.
type memory struct{ limit int64 }

func newMemory() memory { return memory{limit: debug.SetMemoryLimit(-1)} }

// full says that no more collections should be begun. A quarter is kept for garbage, answers and what grows: beyond that
// the runtime would do little but collect garbage, and in a container the process would be killed.
func (m memory) full() bool {
	if m.limit == math.MaxInt64 {
		return false
	}
	sample := []metrics.Sample{{Name: liveHeap}}
	metrics.Read(sample)
	return sample[0].Value.Uint64() > uint64(m.limit/4*3) //nolint:gosec // a limit is not negative
}
