package rbac_test

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/rbac/rbactest"
)

func TestThreat10_AChangeOfRBACCountsAtOnce(t *testing.T) {
	list := clusterRole("list", "list pods")
	for _, test := range []struct {
		name    string
		before  []metav1.Object
		put     metav1.Object
		remove  metav1.Object
		was, is string
	}{
		{"binding made", []metav1.Object{list}, binding("a", "b", "ClusterRole/list", "user:alice"), nil, nothing, "a/x a/y a/z"},
		{"binding deleted", []metav1.Object{list, binding("a", "b", "ClusterRole/list", "user:alice")}, nil, binding("a", "b", "ClusterRole/list"), "a/x a/y a/z", nothing},
		{"binding recreated for another", []metav1.Object{list, binding("a", "b", "ClusterRole/list", "user:alice")}, binding("a", "b", "ClusterRole/list", "user:bob"), nil, "a/x a/y a/z", nothing},
		{"role edited", []metav1.Object{list, binding("a", "b", "ClusterRole/list", "user:alice")}, clusterRole("list", "list pods x"), nil, "a/x a/y a/z", "a/x"},
		{"role deleted", []metav1.Object{list, binding("a", "b", "ClusterRole/list", "user:alice")}, nil, clusterRole("list"), "a/x a/y a/z", nothing},
		{"role made", []metav1.Object{binding("a", "b", "ClusterRole/list", "user:alice")}, list, nil, nothing, "a/x a/y a/z"},
		{"rules aggregated", []metav1.Object{clusterRole("view"), binding("a", "b", "ClusterRole/view", "user:alice")}, clusterRole("view", "list pods"), nil, nothing, "a/x a/y a/z"},
		{"widened to the cluster", []metav1.Object{list, binding("a", "b", "ClusterRole/list", "user:alice")}, clusterBinding("b", "ClusterRole/list", "user:alice"), nil, "a/x a/y a/z", everything},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, a := cluster(t, test.before...)
			before := scope(t, a, user("alice"), "list pods")
			if got := seen(before, objects(t, true)); got != test.was {
				t.Fatalf("before: got %q, want %q", got, test.was)
			}
			change(t, c, test.put, test.remove)
			if a.Current(t.Context(), before) {
				t.Error("the scope of before is still current")
			}
			after := scope(t, a, user("alice"), "list pods")
			if got := seen(after, objects(t, true)); got != test.is {
				t.Errorf("after: got %q, want %q", got, test.is)
			}
			if after.Epoch() != before.Epoch()+1 {
				t.Errorf("the epoch moved from %d to %d", before.Epoch(), after.Epoch())
			}
			if !a.Current(t.Context(), after) || after.Equal(before) {
				t.Error("the scope of after is not current, or equal to that of before")
			}
		})
	}
}

func change(t *testing.T, c *rbactest.Cluster, put, remove metav1.Object) {
	t.Helper()
	if put != nil {
		if err := c.Put(put); err != nil {
			t.Fatal(err)
		}
	}
	if remove != nil {
		if err := c.Remove(remove); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAChangeForOthersLeavesAScopeCurrent(t *testing.T) {
	c, a := cluster(t, clusterRole("list", "list pods"), binding("a", "b", "ClusterRole/list", "user:alice"))
	before := scope(t, a, user("alice"), "list pods")
	change(t, c, binding("b", "b", "ClusterRole/list", "user:bob"), nil)
	if !a.Current(t.Context(), before) {
		t.Error("a binding for bob made alice's scope out of date")
	}
	if after := scope(t, a, user("alice"), "list pods"); after.Epoch() != before.Epoch()+1 || !after.Equal(before) {
		t.Errorf("epoch %d after %d", after.Epoch(), before.Epoch())
	}
}

func TestABookmarkMovesNoEpoch(t *testing.T) {
	c, a := cluster(t, clusterRole("list", "list pods"), binding("a", "b", "ClusterRole/list", "user:alice"))
	before := scope(t, a, user("alice"), "list pods")
	c.Bookmark()
	if after := scope(t, a, user("alice"), "list pods"); after.Epoch() != before.Epoch() {
		t.Errorf("the epoch moved from %d to %d", before.Epoch(), after.Epoch())
	}
}

// TestIncrementalEqualsFresh applies random changes to one authorizer and compares it after each with one that starts
// from the same objects anew.
func TestIncrementalEqualsFresh(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	maker := rbactest.NewMaker(seed, rbactest.Odd())
	for range 8 {
		w := maker.World()
		c, err := rbactest.NewCluster(w)
		if err != nil {
			t.Fatal(err)
		}
		a := rbac.New(rbac.Options{Mode: rbac.ModeRBAC, Collections: c})
		for range 30 {
			put, remove := maker.Change(&w)
			change(t, c, put, remove)
			fresh, err := rbactest.NewCluster(w)
			if err != nil {
				t.Fatal(err)
			}
			for range 10 {
				u, q := maker.User(), maker.Question()
				q.Namespaced = true
				compare(t, a, oracle{w}, u, q)
				one, _ := a.Scope(t.Context(), u, q)
				other, _ := rbac.New(rbac.Options{Mode: rbac.ModeRBAC, Collections: fresh}).Scope(t.Context(), u, q)
				if !one.Equal(other) || one.Reason() != other.Reason() {
					t.Fatalf("%+v for %+v: %q, fresh %q", q, u, one.Reason(), other.Reason())
				}
			}
		}
	}
}

// TestThreat09_ScopesOfManyCallersDoNotMix runs callers and changes at once; the race detector and the invariant that
// nobody ever sees beyond what they could ever have been given are the judges.
func TestThreat09_ScopesOfManyCallersDoNotMix(t *testing.T) {
	c, a := cluster(t, clusterRole("list", "list pods"),
		binding("a", "b", "ClusterRole/list", "user:alice"), binding("b", "b", "ClusterRole/list", "user:bob"))
	var callers sync.WaitGroup
	stop := make(chan struct{})
	callers.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			o := binding("a", "b", "ClusterRole/list", "user:alice")
			if i%2 == 0 {
				_ = c.Remove(o)
			} else {
				_ = c.Put(o)
			}
		}
	})
	var watchers sync.WaitGroup
	for i := range 100 {
		name, forbidden := "alice", "b"
		if i%2 == 0 {
			name, forbidden = "bob", "a"
		}
		watchers.Go(func() {
			last := uint64(0)
			for range 100 {
				s, err := a.Scope(t.Context(), user(name), ask("list pods"))
				if err != nil || s.Allows(forbidden, "x") || s.Epoch() < last {
					t.Errorf("%s: sees %s, or epoch %d after %d, or %v", name, forbidden, s.Epoch(), last, err)
					return
				}
				last = s.Epoch()
				_ = a.Current(t.Context(), s)
			}
		})
	}
	watchers.Wait()
	close(stop)
	callers.Wait()
}

// TestThreat10_NothingIsSeenThatWasNotAllowedMeanwhile flaps a binding while callers ask, make their answer, and check
// that their scope is still current. What leaves must have been allowed at some moment between start and end; and what
// was allowed all the time must have been shown.
func TestThreat10_NothingIsSeenThatWasNotAllowedMeanwhile(t *testing.T) {
	mine := binding("a", "b", "ClusterRole/list", "user:alice")
	c, a := cluster(t, clusterRole("list", "list pods"), mine)
	// The moment counts 0 (bound), 1 (changing), 2 (not bound), 3 (changing), 4 (bound) and so on.
	var moment atomic.Int64
	var callers, flapping sync.WaitGroup
	stop := make(chan struct{})
	flapping.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
			for _, change := range []func(metav1.Object) error{c.Remove, c.Put} {
				moment.Add(1)
				if err := change(mine.DeepCopy()); err != nil {
					t.Error(err)
				}
				moment.Add(1)
			}
		}
	})
	var left, refused, outdated atomic.Int64
	for range 50 {
		callers.Go(func() {
			for range 200 {
				start := moment.Load()
				s, err := a.Scope(t.Context(), user("alice"), ask("list pods"))
				if err != nil {
					t.Error(err)
					return
				}
				if !a.Current(t.Context(), s) {
					outdated.Add(1)
					continue
				}
				shown := s.Allows("a", "x")
				if shown {
					left.Add(1)
				} else {
					refused.Add(1)
				}
				if moment.Load() == start && start%2 == 0 && shown != (start%4 == 0) {
					t.Errorf("at moment %d: shown is %v", start, shown)
				}
			}
		})
	}
	callers.Wait()
	close(stop)
	flapping.Wait()
	t.Logf("%d answers left, %d were refused, %d were outdated", left.Load(), refused.Load(), outdated.Load())
}
