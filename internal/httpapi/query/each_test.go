package query

import (
	"runtime"
	"testing"

	"github.com/k8cache/k8cache/internal/informers/store"
)

// TestThreat33_APanicInAWorkerIsTheCallers has one of several goroutines meet a panic: by itself it would end the process,
// and with it everybody's requests.
func TestThreat33_APanicInAWorkerIsTheCallers(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	defer func() {
		if recover() == nil {
			t.Error("the caller was told nothing")
		}
	}()
	each(4, 1, func(worker, _, _ int, _ *store.Reader) {
		if worker == 2 {
			panic("an object")
		}
	})
}
