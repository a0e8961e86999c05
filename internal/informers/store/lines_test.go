package store_test

import (
	"fmt"
	"testing"

	"github.com/k8cache/k8cache/internal/informers/store"
)

// TestLineIsMadeOnceForAllWatchers in each form, also while its chunk fills up, and anew once it is none of the newest.
func TestLineIsMadeOnceForAllWatchers(t *testing.T) {
	c := synced(t, 0, store.Options{})
	made := map[string]int{}
	encode := func(form string) func(store.Event) []byte {
		return func(e store.Event) []byte {
			name := fmt.Sprint(form, e.ResourceVersion)
			made[name]++
			return []byte(name)
		}
	}
	watch := func(form string, after uint64) {
		t.Helper()
		subscription, err := c.Watch(after)
		if err != nil {
			t.Fatal(err)
		}
		events, _, err := subscription.Take()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range events {
			if got, want := string(e.Line(form, encode(form))), fmt.Sprint(form, e.ResourceVersion); got != want {
				t.Fatalf("line %q, want %q", got, want)
			}
		}
	}
	const chunk = 128
	for version := uint64(101); version < 101+chunk+10; version++ {
		c.Upsert(object(t, "a", "x", version, 100))
		for range 3 {
			watch("whole", version-1)
			watch("table", version-1)
		}
	}
	for name, n := range made {
		if n != 1 {
			t.Errorf("%s made %d times", name, n)
		}
	}
	if len(made) != 2*(chunk+10) {
		t.Errorf("%d lines made, want %d", len(made), 2*(chunk+10))
	}
	for version := uint64(101 + chunk + 10); version < 101+3*chunk; version++ {
		c.Upsert(object(t, "a", "x", version, 100))
	}
	watch("whole", 100)
	if made["whole101"] != 2 {
		t.Errorf("an old line was made %d times in all: it has been kept", made["whole101"])
	}
}
