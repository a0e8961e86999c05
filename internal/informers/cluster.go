package informers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-logr/logr"
	"github.com/go-logr/zapr"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/rest"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// ErrNotWatchable says that the API server does not let the service list or watch a resource, or does not have it.
var ErrNotWatchable = errors.New("the service may not watch it")

const (
	discoveryPeriod = 30 * time.Second
	// discoveryTimeout bounds one round of discovery; one that hangs must not hide that a cluster is gone.
	discoveryTimeout = 20 * time.Second
	// rediscovery is how soon after an answer an unknown resource is worth asking again: a CRD may just have come.
	rediscovery = 2 * time.Second
)

// ClusterOptions says how a cluster is watched; the zero value watches everything, for ever.
type ClusterOptions struct {
	// Exclude names resources that are never cached.
	Exclude []schema.GroupResource
	// Preload names resources to watch from the start and never to stop.
	Preload []schema.GroupResource
	// Pinned are resources that the service itself needs, watched from the start even where excluded from requests.
	Pinned []schema.GroupVersionResource
	// IdleTimeout stops the watch of a resource that nobody asked for so long. Zero: never.
	IdleTimeout time.Duration
	// Reconnected is called when the API server is heard again on a resource after it was not: it may be another, or
	// have another configuration. It must not block. Nil: nobody wants to know.
	Reconnected func()
	// SelfCheck is about how often each collection is compared with the API server's. Zero: never.
	SelfCheck time.Duration
	// Checked is told how each comparison went. Nil: nobody wants to know.
	Checked func(CheckResult)
	// Packer bounds the memory of the collections; it is the caller's to run. Nil: each collection bounds its own.
	Packer *store.Packer
	// Full says that memory is short: no collection is begun then, and idle ones are given up. Nil: it never is.
	Full func() bool
	// Log takes what operators should know. Nil: nothing.
	Log *zap.Logger

	verify func(ctx context.Context, resource Resource, version string) error // Cluster.verify, for its mirrors
}

// Cluster is one API server and the collections kept in step with it.
type Cluster struct {
	name    string
	options ClusterOptions
	client  rest.Interface
	catalog *catalog
	log     *zap.Logger

	checking chan struct{} // has room for one: collections are compared one after the other

	started chan *mirror  // mirrors for Run to run
	ask     chan struct{} // asks Run for discovery now
	reached chan struct{} // closed once discovery has answered
	problem atomic.Pointer[error]

	mu      sync.Mutex
	mirrors map[key]*running
	fresh   chan struct{} // closed and replaced after each round of discovery
	served  redefinitions
	uid     string // of the namespace kube-system, by which a cluster is known; empty until it was seen
}

// key names a mirror.
type key struct {
	schema.GroupVersionResource
	tables bool
}

type running struct {
	*mirror
	cancel context.CancelFunc
}

// NewCluster makes a cluster; it reaches out once Run is called. The config is the service's own; its identity is
// used for nothing but watching and discovery here.
func NewCluster(name string, config *rest.Config, options ClusterOptions) (*Cluster, error) {
	config = rest.CopyConfig(config)
	config.QPS = -1 // reflectors and discovery are few and back off by themselves
	config.DisableCompression = true
	config.WarningHandler = rest.NoWarnings{} // callers get them
	httpClient, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, fmt.Errorf("cluster %q: %w", name, err)
	}
	httpClient = noRedirects(httpClient)
	client, err := rawClient(config, httpClient)
	if err != nil {
		return nil, fmt.Errorf("cluster %q: %w", name, err)
	}
	catalog, err := newCatalog(config, httpClient, client)
	if err != nil {
		return nil, fmt.Errorf("cluster %q: %w", name, err)
	}
	log := options.Log
	if log == nil {
		log = zap.NewNop()
	}
	c := &Cluster{
		name: name, options: options, client: client, catalog: catalog, log: log.With(zap.String("cluster", name)),
		checking: make(chan struct{}, 1),
		started:  make(chan *mirror), ask: make(chan struct{}, 1), reached: make(chan struct{}),
		mirrors: map[key]*running{}, fresh: make(chan struct{}),
	}
	c.options.verify = c.verify
	return c, nil
}

// noRedirects takes a redirect for a failure: client-go would show the service's credentials to wherever it leads.
func noRedirects(shared *http.Client) *http.Client {
	own := *shared // it may be http.DefaultClient
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}

// rawClient speaks to any path and decodes nothing but errors.
func rawClient(config *rest.Config, httpClient *http.Client) (rest.Interface, error) {
	scheme := runtime.NewScheme()
	metav1.AddToGroupVersion(scheme, schema.GroupVersion{Version: "v1"})
	config = rest.CopyConfig(config)
	config.ContentConfig = rest.ContentConfig{
		GroupVersion:         &schema.GroupVersion{Version: "v1"},
		NegotiatedSerializer: serializer.NewCodecFactory(scheme).WithoutConversion(),
	}
	config.APIPath = "/"
	return rest.RESTClientForConfigAndClient(config, httpClient)
}

// Name is the cluster's name in URLs.
func (c *Cluster) Name() string { return c.name }

// Run keeps the cluster's collections in step until the context ends, and waits for all that it started.
func (c *Cluster) Run(ctx context.Context) error {
	ctx = logr.NewContext(ctx, zapr.NewLogger(c.log))
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { c.discover(ctx); return nil })
	for _, gvr := range []schema.GroupVersionResource{definitions(), apiServices()} {
		group.Go(func() error { c.followServed(ctx, gvr); return nil })
	}
	group.Go(func() error {
		for {
			select {
			case m := <-c.started:
				group.Go(func() error { c.mirror(ctx, m); return nil })
			case <-ctx.Done():
				return nil
			}
		}
	})
	return group.Wait()
}

// mirror runs one mirror, and forgets it when it ends.
func (c *Cluster) mirror(ctx context.Context, m *mirror) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if !c.adopt(m, cancel) {
		return
	}
	about := []zap.Field{zap.Stringer("resource", m.resource), zap.Bool("tables", m.tables)}
	c.log.Info("watch started", about...)
	var checks sync.WaitGroup
	checks.Go(func() { c.checkRegularly(ctx, m) })
	m.Run(ctx)
	cancel()
	checks.Wait()
	c.log.Info("watch stopped", append(about, zap.NamedError("reason", m.reason))...)
}

// adopt notes how to end a mirror that is about to run; false where it was forgotten before.
func (c *Cluster) adopt(m *mirror, cancel context.CancelFunc) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	entry := c.mirrors[m.key()]
	if entry == nil || entry.mirror != m {
		return false
	}
	entry.cancel = cancel
	return true
}

// Collection is one resource's objects, in step with the API server.
type Collection struct {
	*store.Collection
	// Kind says how envelopes are written.
	Kind serialize.Kind
	// Warnings are the Warning headers that the API server gives with each answer: the resource is deprecated.
	Warnings []string
	// Columns are the definitions of a table's columns, as JSON; empty where objects carry no rows.
	Columns string
	// NoRows is how the API server writes the rows of an empty table: as an empty array, or as null.
	NoRows string
	// Age is how long ago the API server was last heard on it.
	Age time.Duration
	// Err is why the API server cannot be heard now; nil while it is.
	Err error
	// Zero is the object that the API server's bookmarks carry, or the row, as JSON; empty where it has sent none.
	Zero []byte
	// Ended is closed when nothing follows any more: watches end then.
	Ended <-chan struct{}
	// Touch says that the collection is still in use.
	Touch func()
}

// Cacheable says whether a resource is one to answer from memory: stored by the API server itself, with list and
// watch, and not excluded. A resource not heard of makes one more round of discovery, at most each two seconds.
func (c *Cluster) Cacheable(ctx context.Context, gvr schema.GroupVersionResource) (Resource, bool) {
	if c.excluded(gvr.GroupResource()) {
		return Resource{}, false
	}
	resource, ok := c.catalog.lookup(gvr)
	if !ok && c.rediscover(ctx) {
		resource, ok = c.catalog.lookup(gvr)
	}
	return resource, ok
}

// Preferred is a cacheable resource in the version that the API server prefers.
func (c *Cluster) Preferred(gr schema.GroupResource) (Resource, bool) {
	gvr, ok := c.catalog.preferred(gr)
	if !ok || c.excluded(gr) {
		return Resource{}, false
	}
	return c.catalog.lookup(gvr)
}

// Collection returns a resource's collection, started if need be, once it is synced. It fails with ErrNotWatchable
// where the API server will not have it watched, with ErrFull where there is no memory for it, and with the context's error where the time runs out.
func (c *Cluster) Collection(ctx context.Context, gvr schema.GroupVersionResource) (Collection, error) {
	resource, ok := c.Cacheable(ctx, gvr)
	if !ok {
		return Collection{}, ErrNotWatchable
	}
	m, err := c.obtain(ctx, key{GroupVersionResource: gvr}, func() *mirror { return newMirror(c.client, resource, c.options) })
	if err != nil {
		return Collection{}, err
	}
	collection, err := m.await(ctx)
	if apierrors.IsNotFound(err) {
		c.askSoon()
	}
	return collection, err
}

// Live lists the synced collections of a resource, in whatever versions, those of its tables among them.
func (c *Cluster) Live(gr schema.GroupResource) []Collection {
	c.mu.Lock()
	defer c.mu.Unlock()
	var live []Collection
	for key, entry := range c.mirrors {
		if key.GroupResource() == gr && entry.collection.Snapshot() != nil && entry.failed() == nil {
			live = append(live, entry.view())
		}
	}
	return live
}

// Pinned returns a collection that the service itself needs, once it is synced.
func (c *Cluster) Pinned(ctx context.Context, gvr schema.GroupVersionResource) (Collection, error) {
	for {
		c.mu.Lock()
		entry, fresh := c.mirrors[key{GroupVersionResource: gvr}], c.fresh
		c.mu.Unlock()
		if entry != nil {
			return entry.await(ctx)
		}
		select {
		case <-fresh: // discovery may have started it
		case <-ctx.Done():
			return Collection{}, ctx.Err()
		}
	}
}

func (c *Cluster) excluded(resource schema.GroupResource) bool {
	return slices.Contains(c.options.Exclude, resource)
}

// obtain finds a mirror, or makes one and hands it to Run.
func (c *Cluster) obtain(ctx context.Context, name key, build func() *mirror) (*mirror, error) {
	c.mu.Lock()
	entry, found := c.mirrors[name]
	if needed := !name.tables && slices.Contains(c.pinned(), name.GroupVersionResource); !found && !needed && c.full() {
		c.mu.Unlock()
		c.askSoon() // the round makes room, if there is any to be made
		return nil, ErrFull
	}
	if !found {
		entry = &running{mirror: build(), cancel: func() {}}
		c.mirrors[name] = entry
	}
	c.mu.Unlock()
	if found {
		return entry.mirror, nil
	}
	select {
	case c.started <- entry.mirror:
		return entry.mirror, nil
	case <-ctx.Done():
		c.forget(entry.mirror)
		return nil, ctx.Err()
	}
}

func (c *Cluster) forget(m *mirror) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if entry := c.mirrors[m.key()]; entry != nil && entry.mirror == m {
		delete(c.mirrors, m.key())
		entry.cancel()
		m.end(errStopped)
	}
}
