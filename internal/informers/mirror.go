package informers

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"

	"github.com/k8cache/k8cache/internal/informers/store"
)

// mirror keeps one collection in step with one resource of one cluster.
//
//	probing ──► syncing ──► synced ──► synced, relisting ...
//	   │           │          └──► ended (stopped, or its tables are printed otherwise now)
//	   └───────────┴──► refused (the API server will not let the service watch this) ──► syncing
//
// A synced mirror whose resource the API server no longer has is refused too: its CRD was removed.
//
// A mirror of tables is kept like any other; its objects carry the rows that the API server prints of them.
//
// One goroutine, the Reflector's, writes the collection; any number read it.
type mirror struct {
	resource   Resource
	tables     bool
	heads      bool                        // nothing but metadata
	declared   atomic.Pointer[declaration] // of a custom resource, what its tables show; nil of any other
	client     rest.Interface
	collection *store.Collection
	pinned     bool // never stopped for being idle

	form    form           // written before the collection is synced, read after
	pending *store.Builder // the next world, while it is being read

	zero    atomic.Pointer[[]byte] // the object of the first bookmark
	contact atomic.Int64           // when the API server was last heard, as time since began
	used    atomic.Int64           // when a request last asked for the collection, likewise
	began   time.Time

	renewal
	inconsistent atomic.Bool // it differs from the API server's, until it has been read anew

	verify      func(ctx context.Context, resource Resource, version string) error
	full        func() bool // says that memory is short; may be nil
	reconnected func()      // told when the API server is heard again; may be nil

	mu      sync.Mutex
	err     error         // why the last attempt failed; nil once the API server is heard again
	changed chan struct{} // closed and replaced whenever err changes

	ended  chan struct{} // closed by end
	ending sync.Once
	reason error // why it ended; read after ended
}

var (
	_ cache.ReflectorStore           = (*mirror)(nil)
	_ cache.ReflectorBookmarkStore   = (*mirror)(nil)
	_ cache.ListerWatcherWithContext = (*mirror)(nil)
)

func newMirror(client rest.Interface, resource Resource, o ClusterOptions) *mirror {
	m := &mirror{
		resource: resource, client: client, began: time.Now(), reconnected: o.Reconnected,
		collection: store.New(store.Options{Packer: o.Packer}), changed: make(chan struct{}), ended: make(chan struct{}),
		verify: o.verify, full: o.Full,
	}
	m.touch()
	return m
}

// key is where the mirror stands among a cluster's.
func (m *mirror) key() key { return key{m.resource.GroupVersionResource, m.tables} }

// Run keeps the collection in step until the context ends, or the mirror does.
func (m *mirror) Run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	var ending sync.WaitGroup
	ending.Go(func() {
		defer cancel()
		select {
		case <-m.ended:
		case <-ctx.Done():
		}
	})
	m.follow(ctx)
	m.end(errStopped)
	ending.Wait()
}

func (m *mirror) follow(ctx context.Context) {
	backoff := wait.Backoff{Duration: time.Second, Factor: 2, Jitter: 0.2, Steps: 6, Cap: 30 * time.Second}
	err := backoff.DelayFunc().Until(ctx, true, true, func(ctx context.Context) (bool, error) {
		var err error
		m.form, err = m.probe(ctx)
		return m.heard(err) == nil, nil
	})
	if err != nil {
		return // the context ended
	}
	reflector := cache.NewReflectorWithOptions(m, nil, m, cache.ReflectorOptions{
		Name: m.resource.String(), Clock: patience{ctx: ctx},
	})
	reflector.WatchListPageSize = pageSize
	reflector.RunWithContext(ctx)
}

// await returns the collection once it is synced.
func (m *mirror) await(ctx context.Context) (Collection, error) {
	if err := m.failed(); err != nil {
		return Collection{}, err // untouched, so that it is tried anew once it has been idle
	}
	m.touch()
	if err := m.wait(ctx); err != nil {
		return Collection{}, err
	}
	if m.inconsistent.Load() {
		return Collection{}, fmt.Errorf("%w: %w", ErrNotWatchable, ErrInconsistent)
	}
	return m.view(), nil
}

// view is the collection and how it stands.
func (m *mirror) view() Collection {
	_, problem := m.problem()
	return Collection{
		Collection: m.collection, Kind: m.form.kind, Warnings: m.form.warnings, Columns: m.form.columns, NoRows: m.form.noRows,
		Age: m.age(), Err: problem, Zero: m.empty(), Ended: m.ended, Touch: m.touch,
	}
}

// wait returns once the collection is synced. The error is ErrNotWatchable where the API server refuses the service,
// or the context's.
func (m *mirror) wait(ctx context.Context) error {
	for {
		changed, err := m.problem()
		select {
		case <-m.collection.Synced():
			if !apierrors.IsNotFound(err) {
				return nil
			}
		default:
		}
		if errors.Is(err, ErrFull) {
			return err
		}
		// An internal error may be the kind's own: a webhook that is to convert its objects is down.
		if refused(err) || apierrors.IsInternalError(err) {
			return fmt.Errorf("%w: %w", ErrNotWatchable, err)
		}
		select {
		case <-m.collection.Synced():
			return nil
		case <-changed:
		case <-m.ended:
			return fmt.Errorf("%w: %w", ErrNotWatchable, m.reason)
		case <-ctx.Done():
			if err != nil {
				return fmt.Errorf("%w: %w", ctx.Err(), err)
			}
			return ctx.Err()
		}
	}
}

// refused tells the API server's "no" from a failure that may pass.
func refused(err error) bool {
	return apierrors.IsForbidden(err) || apierrors.IsNotFound(err) || apierrors.IsMethodNotSupported(err) ||
		apierrors.IsUnauthorized(err) || apierrors.IsNotAcceptable(err)
}

// heard notes how the last attempt to reach the API server went, and returns err as it is.
func (m *mirror) heard(err error) error {
	if err == nil {
		m.contact.Store(int64(time.Since(m.began)))
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err == nil && m.err != nil && m.reconnected != nil {
		m.reconnected()
	}
	if err != nil || m.err != nil {
		m.err = err
		close(m.changed)
		m.changed = make(chan struct{})
	}
	return err
}

// remember keeps the first bookmark's object: bookmarks of ours are made of it.
func (m *mirror) remember(object []byte) {
	if m.zero.Load() == nil {
		kept := bytes.Clone(object)
		m.zero.Store(&kept)
	}
}

func (m *mirror) empty() []byte {
	if zero := m.zero.Load(); zero != nil {
		return *zero
	}
	return nil
}

func (m *mirror) alive() { _ = m.heard(nil) }

// problem is why the API server cannot be heard, and a channel that is closed when that changes.
func (m *mirror) problem() (changed <-chan struct{}, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.changed, m.err
}

// age is how long ago the API server was last heard on this collection. It is measured on the monotonic clock.
func (m *mirror) age() time.Duration { return time.Since(m.began) - time.Duration(m.contact.Load()) }

func (m *mirror) touch() { m.used.Store(int64(time.Since(m.began))) }

// idle is how long nobody has asked for the collection.
func (m *mirror) idle() time.Duration { return time.Since(m.began) - time.Duration(m.used.Load()) }

// Add takes an object that the watch reports as new.
func (m *mirror) Add(obj any) error { return m.Update(obj) }

// Update takes an object that the watch reports as changed.
func (m *mirror) Update(obj any) error {
	event, ok := obj.(*item)
	if !ok {
		return fmt.Errorf("unexpected object %T", obj)
	}
	m.collection.Upsert(event.object)
	return nil
}

// Delete takes the last state of an object, under the version of its deletion.
func (m *mirror) Delete(obj any) error {
	event, ok := obj.(*item)
	if !ok {
		return fmt.Errorf("unexpected object %T", obj)
	}
	m.collection.Delete(event.object)
	return nil
}

// Replace swaps in what the builder gathered; the Reflector itself carries no objects.
func (m *mirror) Replace(_ []any, version string) error {
	v, err := strconv.ParseUint(version, 10, 64)
	if err != nil {
		return m.heard(fmt.Errorf("resource version of a list: %w", err))
	}
	m.collection.Replace(m.pending, v)
	m.pending = nil
	m.inconsistent.Store(false)
	m.alive()
	return nil
}

// Bookmark moves the collection's version on without a change. The one that ends the initial events comes before
// Replace and is left to it.
func (m *mirror) Bookmark(version string) error {
	v, err := strconv.ParseUint(version, 10, 64)
	if err != nil {
		return fmt.Errorf("resource version of a bookmark: %w", err)
	}
	m.collection.Bookmark(v)
	return nil
}

// Resync has no meaning here: nothing is handed on that could be handed on again.
func (*mirror) Resync() error { return nil }
