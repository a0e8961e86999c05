package env

import (
	"context"
	"errors"
	"os"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/k8cache/k8cache/hack/testenv"
)

// Env is what the tests share.
type Env struct {
	// East is the default cluster.
	East *Cluster
	// West is nil when $KUBECONFIG has but one context.
	West *Cluster
	// Front stands before both.
	Front *Front
}

// Start makes the environment. When it cannot, nothing is left running.
func Start(ctx context.Context) (*Env, error) {
	e := &Env{}
	if err := e.start(ctx); err != nil {
		return nil, errors.Join(err, e.Stop(ctx))
	}
	return e, nil
}

func (e *Env) start(ctx context.Context) error {
	clusters := e.ownClusters
	if os.Getenv("KUBECONFIG") != "" {
		clusters = e.foundClusters
	}
	if err := clusters(ctx); err != nil {
		return err
	}
	var err error
	if os.Getenv("K8CACHE_URL") != "" {
		e.Front, err = found()
	} else {
		e.Front, err = Run(ctx, e.contexts(), testenv.ProcessOptions{Args: []string{"--log-format=json"}})
	}
	return err
}

// ownClusters starts two control planes at once. East has a controller manager.
func (e *Env) ownClusters(ctx context.Context) error {
	if _, err := Binary(); err != nil { // before waiting for what would be of no use
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		e.East, err = ownCluster(ctx, testenv.Options{Name: "east", Users: staticUsers(), ControllerManager: true})
		return err
	})
	group.Go(func() (err error) {
		e.West, err = ownCluster(ctx, testenv.Options{Name: "west", Users: staticUsers()})
		return err
	})
	return group.Wait()
}

func ownCluster(ctx context.Context, options testenv.Options) (*Cluster, error) {
	plane, err := testenv.Start(ctx, options)
	if err != nil {
		return nil, err
	}
	return newCluster(ctx, options.Name, "e2e", plane.Config(), plane)
}

// Another starts one more control plane, for tests that do to it what others must not notice. Stop ends it.
func Another(ctx context.Context, name string) (*Cluster, error) {
	return ownCluster(ctx, testenv.Options{Name: name})
}

func staticUsers() []testenv.User {
	return []testenv.User{{Name: StaticUser, Groups: []string{StaticGroup}}}
}

// Clusters are East and, if there is one, West.
func (e *Env) Clusters() []*Cluster {
	return slices.DeleteFunc([]*Cluster{e.East, e.West}, func(cluster *Cluster) bool { return cluster == nil })
}

// contexts are what k8cache's kubeconfig is made of.
func (e *Env) contexts() []testenv.Context {
	var contexts []testenv.Context
	for _, cluster := range e.Clusters() {
		contexts = append(contexts, cluster.Context())
	}
	return contexts
}

// Stop ends what Start started and deletes what was made.
func (e *Env) Stop(ctx context.Context) error {
	var errs []error
	if e.Front != nil {
		errs = append(errs, e.Front.Stop())
	}
	for _, cluster := range e.Clusters() {
		errs = append(errs, cluster.Stop(ctx))
	}
	return errors.Join(errs...)
}
