package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// synced is a collection of the objects a/o0 to a/o(n-1), at version 100.
func synced(t testing.TB, n int, o store.Options) *store.Collection {
	t.Helper()
	c := store.New(o)
	fill(t, c, 100, objects(t, n)...)
	return c
}

// objects are a/o0 to a/o(n-1), written at versions 1 to n.
func objects(t testing.TB, n int) []serialize.Object {
	t.Helper()
	var objects []serialize.Object
	for i := range n {
		objects = append(objects, object(t, "a", fmt.Sprintf("o%d", i), uint64(i+1), 100))
	}
	return objects
}

// fill replaces what is in c.
func fill(t testing.TB, c *store.Collection, version uint64, objects ...serialize.Object) {
	t.Helper()
	b := c.Builder()
	for _, o := range objects {
		if err := b.Add(o); err != nil {
			t.Fatal(err)
		}
	}
	c.Replace(b, version)
}

// take are all events up to now, as text.
func take(t testing.TB, s *store.Subscription) (got []string, err error) {
	t.Helper()
	for {
		events, more, err := s.Take()
		if err != nil || more != nil {
			return got, err
		}
		for _, e := range events {
			if e.Object.ResourceVersion() != e.ResourceVersion {
				t.Errorf("event at %d has an object of version %d", e.ResourceVersion, e.Object.ResourceVersion())
			}
			got = append(got, fmt.Sprintf("%d %s %s was %d", e.ResourceVersion, e.Type, e.Object.Key(), e.Previous.ResourceVersion()))
		}
	}
}

func TestWatchResumesAfterAnyVersionKept(t *testing.T) {
	c := synced(t, 2, store.Options{})
	c.Upsert(object(t, "a", "o1", 105, 100))
	c.Upsert(object(t, "b", "x", 107, 100))
	c.Bookmark(110)
	c.Delete(object(t, "a", "o0", 120, 100))
	c.Delete(object(t, "a", "never", 121, 100))
	all := []string{"105 MODIFIED a/o1 was 2", "107 ADDED b/x was 0", "120 DELETED a/o0 was 1"}
	tests := map[string]struct {
		after uint64
		want  []string
	}{
		"the list's version":         {100, all},
		"an event's version":         {105, all[1:]},
		"a version between":          {106, all[1:]},
		"a bookmark":                 {110, all[2:]},
		"the newest":                 {121, nil},
		"one to come":                {130, nil},
		"just before the last event": {119, all[2:]},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s, err := c.Watch(test.after)
			if err != nil {
				t.Fatal(err)
			}
			got, err := take(t, s)
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("error %v, events (-want +got):\n%s", err, diff)
			}
			if s.ResourceVersion() != max(121, test.after) {
				t.Errorf("seen all up to %d", s.ResourceVersion())
			}
		})
	}
}

func TestWatchFromTheFutureBeginsThere(t *testing.T) {
	c := synced(t, 1, store.Options{})
	s, err := c.Watch(110)
	if err != nil {
		t.Fatal(err)
	}
	c.Upsert(object(t, "a", "o0", 109, 100))
	c.Upsert(object(t, "a", "o0", 110, 100))
	c.Upsert(object(t, "a", "o0", 111, 100))
	got, err := take(t, s)
	if diff := cmp.Diff([]string{"111 MODIFIED a/o0 was 110"}, got); diff != "" || err != nil {
		t.Errorf("error %v, events (-want +got):\n%s", err, diff)
	}
}

func TestWatchOvertakenByTheHistoryIsGone(t *testing.T) {
	c := synced(t, 1, store.Options{History: 64 << 10})
	slow := c.WatchFrom(c.Snapshot())
	for version := uint64(101); version < 3000; version++ {
		c.Upsert(object(t, "a", "o0", version, 3000))
	}
	var old *store.TooOldError
	if _, err := take(t, slow); !errors.As(err, &old) || old.Version != 100 || old.Oldest <= 100 || old.Oldest >= 2999 {
		t.Fatalf("a watch overtaken got error %v", err)
	}
	if _, err := c.Watch(old.Oldest - 1); err == nil {
		t.Error("began before the oldest event kept")
	}
	s, err := c.Watch(old.Oldest)
	if err != nil {
		t.Fatal(err)
	}
	got, err := take(t, s)
	if err != nil || len(got) != int(2999-old.Oldest) {
		t.Errorf("got %d events since %d, error %v", len(got), old.Oldest, err)
	}
}

func TestThreat36_RelistShowsWhatWasMissedAsEvents(t *testing.T) {
	c := synced(t, 4, store.Options{})
	s := c.WatchFrom(c.Snapshot())
	fill(t, c, 110, object(t, "a", "o1", 2, 100), object(t, "a", "o3", 110, 100), object(t, "a", "o4", 107, 100))
	// o0 and o2 were deleted, nobody knows when: at versions of their own, so
	// that a watch that breaks off between them can resume.
	want := []string{"107 ADDED a/o4 was 0", "108 DELETED a/o2 was 3", "109 DELETED a/o0 was 1", "110 MODIFIED a/o3 was 4"}
	got, err := take(t, s)
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v, events (-want +got):\n%s", err, diff)
	}
}

func TestThreat35_RelistOfAnOlderWorldEndsAllWatches(t *testing.T) {
	c := synced(t, 1, store.Options{})
	c.Upsert(object(t, "a", "o0", 200, 100))
	c.Hold(c.Snapshot())
	s := c.WatchFrom(c.Snapshot())
	fill(t, c, 150, object(t, "a", "o0", 140, 100))
	var old *store.TooOldError
	if _, err := take(t, s); !errors.As(err, &old) {
		t.Errorf("got error %v", err)
	}
	if c.Snapshot().ResourceVersion() != 150 || c.At(200) != nil {
		t.Error("the newer world is still there")
	}
}

func TestRelistWithTheSameVersionsButOtherBytesIsAChange(t *testing.T) {
	c := synced(t, 1, store.Options{})
	fill(t, c, 100, object(t, "a", "o0", 1, 500))
	if o, _ := c.Snapshot().Get("a", "o0"); o.Size() < 500 {
		t.Error("the old bytes are still there")
	}
}

func TestWaitForWaitsForTheVersion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := store.New(store.Options{})
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		done := make(chan uint64)
		for _, version := range []uint64{90, 103, 105} {
			go func() {
				s, err := c.WaitFor(ctx, version)
				if err != nil {
					t.Error(err)
				}
				done <- s.ResourceVersion()
			}()
		}
		synctest.Wait()
		fill(t, c, 100, objects(t, 3)...)
		if got := <-done; got != 100 {
			t.Errorf("waited for 90, got %d", got)
		}
		c.Upsert(object(t, "a", "x", 104, 10))
		if got := <-done; got != 104 {
			t.Errorf("waited for 103, got %d", got)
		}
		c.Bookmark(105)
		if got := <-done; got != 105 {
			t.Errorf("waited for 105, got %d", got)
		}
		s, err := c.WaitFor(ctx, 106)
		if !errors.Is(err, context.DeadlineExceeded) || s.ResourceVersion() != 105 {
			t.Errorf("got version %d, error %v", s.ResourceVersion(), err)
		}
	})
}

func TestWhatIsNotNewerChangesNothing(t *testing.T) {
	c := synced(t, 1, store.Options{})
	s := c.WatchFrom(c.Snapshot())
	c.Upsert(object(t, "a", "o0", 105, 100))
	for _, version := range []uint64{105, 104} {
		c.Upsert(object(t, "a", "o0", version, 200))
		c.Delete(object(t, "a", "o0", version, 100))
		c.Bookmark(version)
	}
	got, err := take(t, s)
	if diff := cmp.Diff([]string{"105 MODIFIED a/o0 was 1"}, got); diff != "" || err != nil {
		t.Errorf("error %v, events (-want +got):\n%s", err, diff)
	}
	if o, ok := c.Snapshot().Get("a", "o0"); !ok || o.ResourceVersion() != 105 || o.Size() > 250 || c.Snapshot().ResourceVersion() != 105 {
		t.Error("something changed")
	}
}
