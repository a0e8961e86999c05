package env

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"

	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"

	"github.com/k8cache/k8cache/hack/testenv"
)

// Cluster is one Kubernetes cluster, asked directly.
type Cluster struct {
	// Name is what k8cache calls it.
	Name string
	// Server is its API server.
	*Server
	// Config is the admin's, by which tests make what they need.
	Config *rest.Config
	// Admin may do everything and has a token, so that k8cache can pass it on.
	Admin *testenv.Identity
	// Client and Dynamic are the admin's.
	Client  kubernetes.Interface
	Dynamic dynamic.Interface
	// Plane is the control plane under it; nil for a cluster that is not ours.
	Plane *testenv.ControlPlane

	prefix string
	http   *http.Client
	mapper *restmapper.DeferredDiscoveryRESTMapper
	mu     sync.Mutex
	undo   []func(context.Context) error
	tokens []string
}

// newCluster makes what tests need in a cluster before they make anything else. The prefix begins all their names. The
// plane, if any, is the cluster's from now on.
func newCluster(ctx context.Context, name, prefix string, config *rest.Config, plane *testenv.ControlPlane) (*Cluster, error) {
	c := &Cluster{Name: name, Config: rest.CopyConfig(config), Plane: plane, prefix: prefix}
	c.Config.QPS = -1
	c.Config.WarningHandler = rest.NoWarnings{} // samples of deprecated kinds are made on purpose
	err := c.connect()
	if err == nil {
		err = c.populate(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("cluster %s: %w", name, err), c.Stop(context.WithoutCancel(ctx)))
	}
	return c, nil
}

func (c *Cluster) connect() error {
	var err error
	if c.Server, err = NewServer(c.Config); err != nil {
		return err
	}
	if c.http, err = rest.HTTPClientFor(c.Config); err != nil {
		return err
	}
	if c.Dynamic, err = dynamic.NewForConfigAndClient(c.Config, c.http); err != nil {
		return err
	}
	client, err := kubernetes.NewForConfigAndClient(c.Config, c.http)
	if err != nil {
		return err
	}
	c.Client = client
	c.mapper = restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(client.Discovery()))
	return nil
}

// populate makes the admin with a token and the sample objects.
func (c *Cluster) populate(ctx context.Context) error {
	if err := c.createNamespace(ctx, c.users()); err != nil {
		return err
	}
	var err error
	if c.Admin, err = c.User(ctx, "admin"); err != nil {
		return err
	}
	if err := c.BindClusterRole(ctx, UserSubject(c.Admin.Name), "cluster-admin"); err != nil {
		return err
	}
	return c.createSamples(ctx)
}

// users is the namespace of the service accounts.
func (c *Cluster) users() string { return c.prefix + "-users" }

// Namespace returns the full name of one of the sample namespaces.
func (c *Cluster) Namespace(name string) string { return c.prefix + "-" + name }

// Context is what a kubeconfig needs in order to be the admin: by certificate where we have one, so that it would show if
// k8cache lent it to its callers, and else by token, because others' credentials may be of any kind.
func (c *Cluster) Context() testenv.Context {
	if c.Plane != nil {
		return testenv.Context{Name: c.Name, Config: c.Config}
	}
	return testenv.Context{Name: c.Name, Config: c.Admin.Config}
}

// Stop deletes what was made through c, the newest first, unless the control plane goes with it.
func (c *Cluster) Stop(ctx context.Context) error {
	if c.http != nil {
		defer utilnet.CloseIdleConnectionsFor(c.http.Transport)
	}
	if c.Server != nil {
		defer c.Close()
	}
	if c.Plane != nil {
		return c.Plane.Stop()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var errs []error
	for _, undo := range slices.Backward(c.undo) {
		errs = append(errs, undo(ctx))
	}
	return errors.Join(errs...)
}
