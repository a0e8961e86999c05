package informers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-logr/logr"
	"github.com/go-logr/zapr"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/rest"

	"github.com/k8cache/k8cache/internal/informers/store"
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
