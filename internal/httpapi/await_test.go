package httpapi

import (
	"context"
	"testing"

	"github.com/k8cache/k8cache/internal/informers/store"
)

// TestThreat35_AWriteThatWaitsSurvivesARelist has a write wait for what never comes, while the collection is read anew:
// its place in the events is gone then.
func TestThreat35_AWriteThatWaitsSurvivesARelist(t *testing.T) {
	collection := store.New(store.Options{})
	collection.Replace(collection.Builder(), 5)
	ctx, cancel := context.WithCancel(t.Context())
	asked := 0
	arrived := await(ctx, Collection{Collection: collection}, func(*store.Snapshot) bool {
		if asked++; asked == 1 {
			collection.Replace(collection.Builder(), 3) // an older world
			cancel()
		}
		if asked > 1000 {
			t.Fatal("it goes round and round")
		}
		return false
	})
	if arrived {
		t.Error("it says that it has arrived")
	}
}
