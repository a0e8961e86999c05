package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/rbac/rbactest"
	"github.com/k8cache/k8cache/internal/serialize"
)

// shown is a page: what it was told, by key, and what went wrong with that.
type shown struct {
	t    *testing.T
	rows map[string]string // an object's text by its key
	may  func(namespace string) bool
}

var _ sink = (*shown)(nil)

func (p *shown) event(line []byte) {
	var e struct {
		Type   string
		Object struct {
			Metadata metav1.ObjectMeta
			Text     string
		}
	}
	if err := json.Unmarshal(line, &e); err != nil {
		p.t.Fatal(err)
	}
	key, text := e.Object.Metadata.Namespace+"/"+e.Object.Metadata.Name, e.Object.Text
	switch had, known := p.rows[key]; {
	case e.Type == "DELETED" && !p.may(e.Object.Metadata.Namespace) && (!known || had != text):
		p.t.Errorf("%s: a page that had %q was told %q of what it may not see", key, had, text)
	case e.Type == "DELETED":
		delete(p.rows, key)
	case !p.may(e.Object.Metadata.Namespace):
		p.t.Errorf("%s of %s, which it may not see", e.Type, key)
	default:
		p.rows[key] = text
	}
}

func (*shown) flush() error { return nil }
func (*shown) failed() bool { return false }
func (*shown) close(error)  {}
func (*shown) drop()        {}

// stage is a stream under rights that change, over objects that change.
type stage struct {
	*watching
	world   *rbactest.Cluster
	page    *shown
	version uint64
}

var stageSpaces = []string{"a", "b", "c"}

func newStage(t *testing.T) *stage {
	t.Helper()
	role := &rbacv1.ClusterRole{
		ObjectMeta: metav1.ObjectMeta{Name: "reader", ResourceVersion: "1"},
		Rules:      []rbacv1.PolicyRule{{Verbs: []string{"watch"}, APIGroups: []string{""}, Resources: []string{"things"}}},
	}
	world, err := rbactest.NewCluster(rbactest.World{ClusterRoles: []*rbacv1.ClusterRole{role}})
	if err != nil {
		t.Fatal(err)
	}
	collection := store.New(store.Options{})
	collection.Replace(collection.Builder(), 1)
	authorizer := rbac.New(rbac.Options{Mode: rbac.ModeRBAC, Collections: world})
	s := &stage{world: world, version: 1, page: &shown{t: t, rows: map[string]string{}}}
	things := schema.GroupVersionResource{Version: "v1", Resource: "things"}
	s.watching = &watching{
		see: &sight{
			read: read{object: object{GroupVersionResource: things}}, user: rbac.User{Name: "eve"},
			attributes: rbac.Attributes{Verb: "watch", Version: "v1", Resource: "things", Namespaced: true},
			collection: Collection{Collection: collection, Kind: serialize.Kind{APIVersion: "v1", Kind: "Thing", ListKind: "ThingList"}},
		},
		authorizer: authorizer, out: s.page, lives: true, moved: func() {},
	}
	s.page.may = func(namespace string) bool { return s.now(t).Allows(namespace, "x") }
	s.see.scope = s.now(t)
	s.events = collection.WatchFrom(collection.Snapshot())
	return s
}

func (s *stage) now(t *testing.T) rbac.Scope {
	t.Helper()
	scope, err := s.authorizer.Scope(t.Context(), s.see.user, s.see.attributes)
	if err != nil {
		t.Fatal(err)
	}
	return scope
}

// step changes an object or a right.
func (s *stage) step(t *testing.T, r *rand.Rand) {
	t.Helper()
	namespace := stageSpaces[r.IntN(len(stageSpaces))]
	s.version += 1 + r.Uint64N(3)
	name := strconv.Itoa(r.IntN(4))
	raw := fmt.Sprintf(`{"metadata":{"name":"%s","namespace":"%s","resourceVersion":"%d"},"text":"%d"}`, name, namespace, s.version, s.version)
	thing, err := serialize.Parse([]byte(raw))
	binding := &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "readers", Namespace: namespace},
		Subjects:   []rbacv1.Subject{{Kind: rbacv1.UserKind, Name: "eve"}}, RoleRef: rbacv1.RoleRef{Kind: "ClusterRole", Name: "reader"},
	}
	switch r.IntN(8) {
	case 0:
		err = errors.Join(err, s.world.Put(binding))
	case 1:
		err = errors.Join(err, s.world.Remove(binding))
	case 2:
		s.see.collection.Delete(thing)
	default:
		s.see.collection.Upsert(thing)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// settle delivers until there is nothing left.
func (s *stage) settle(t *testing.T) {
	t.Helper()
	for {
		more, err := s.deliver(t.Context())
		if err != nil {
			t.Fatalf("the stream ended: %v", err)
		}
		if more != nil {
			return
		}
	}
}

// TestThreat09_APageShowsWhatItsUserMaySee makes up changes of objects and of rights. Whenever the stream has caught up the
// page shows what its user may see, and in between it is told nothing that they may not.
func TestThreat09_APageShowsWhatItsUserMaySee(t *testing.T) {
	for seed := range uint64(300) {
		r, s := rand.New(rand.NewPCG(seed, 0)), newStage(t)
		for range 60 {
			for range r.IntN(6) {
				s.step(t, r)
			}
			s.settle(t)
			want := map[string]string{}
			for o := range s.now(t).Select(s.see.collection.Snapshot()).Objects() {
				want[o.Key()] = strconv.FormatUint(o.ResourceVersion(), 10)
			}
			if diff := cmp.Diff(want, s.page.rows); diff != "" {
				t.Fatalf("seed %d (-may see +shown):\n%s", seed, diff)
			}
		}
	}
}

// TestThreat11_APageIsToldNothingWhileRightsAreNotKnown takes the RBAC objects away under a stream, for longer than anybody
// waits: it sends nothing, and goes on when they are back.
func TestThreat11_APageIsToldNothingWhileRightsAreNotKnown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, r := newStage(t), rand.New(rand.NewPCG(1, 0))
		for range 40 {
			s.step(t, r)
		}
		s.settle(t)
		before := len(s.page.rows)
		s.world.Fail(errors.New("silent"))
		for range 10 {
			s.step(t, r)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() {
			_, err := s.deliver(ctx)
			done <- err
		}()
		time.Sleep(time.Hour) // of the bubble
		synctest.Wait()
		select {
		case err := <-done:
			t.Fatalf("the stream did not wait: %v", err)
		default:
		}
		if len(s.page.rows) != before {
			t.Error("the page was told something")
		}
		s.world.Fail(nil)
		time.Sleep(time.Second)
		if err := <-done; err != nil {
			t.Error(err)
		}
		s.settle(t)
		cancel()
	})
}

// left is a client that has gone away.
type left struct{ taken }

func (*left) flush() error { return errGone }

// TestThreat31_AClientThatLeftIsNotWaitedWith has somebody go while nobody knows their rights: their watch, and its place,
// would stay for as long as that lasts.
func TestThreat31_AClientThatLeftIsNotWaitedWith(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		s.out = &left{}
		s.world.Fail(errors.New("silent"))
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		s.step(t, rand.New(rand.NewPCG(1, 0)))
		if _, err := s.deliver(ctx); !errors.Is(err, errGone) {
			t.Errorf("got %v", err)
		}
	})
}
