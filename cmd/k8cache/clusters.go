package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"go.uber.org/zap"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"

	apiv1 "github.com/k8cache/k8cache/api/v1"
	"github.com/k8cache/k8cache/internal/httpapi"
	"github.com/k8cache/k8cache/internal/informers"
	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/rbac"
)

const (
	// rbacPatience is how long a request waits for the first sync of the RBAC objects.
	rbacPatience = 10 * time.Second
	// rbacBound is how long an API server may say nothing about RBAC objects before they decide nothing any more. It
	// sends a bookmark about every minute.
	rbacBound = 90 * time.Second
)

// member is one cluster, wired: the event side, and what the request side sees of it.
type member struct {
	events  *informers.Cluster
	request *httpapi.Cluster
}

// newMember builds all that belongs to one cluster.
func newMember(name string, config *rest.Config, c Config, known identities, packer *store.Packer, checks *checks, log *zap.Logger) (member, error) {
	config = rest.CopyConfig(config)
	config.UserAgent = "k8cache/" + version
	reviews, err := rbac.NewClient(config)
	if err != nil {
		return member{}, fmt.Errorf("cluster %q: %w", name, err)
	}
	// Events and authorizer know each other only here: the one's objects are the other's rules, and a connection that
	// came back may lead to an API server with other authorizers.
	var authorizer *rbac.Authorizer
	events, err := informers.NewCluster(name, config, informers.ClusterOptions{
		Exclude: groupResources(c.Exclude), Preload: groupResources(c.Preload), Pinned: rbacResources(),
		IdleTimeout: c.IdleTimeout.Duration, Packer: packer, Full: newMemory().full, Log: log,
		SelfCheck: c.SelfCheck.Duration, Checked: checks.of(name),
		Reconnected: func() { authorizer.Reprobe() },
	})
	if err != nil {
		return member{}, err
	}
	authorizer = newAuthorizer(reviews, rbacCollections{events}, c)
	proxy, err := httpapi.NewProxy(config, c.Authentication == authenticationKubeconfig, log)
	if err != nil {
		return member{}, fmt.Errorf("cluster %q: %w", name, err)
	}
	return member{events: events, request: &httpapi.Cluster{
		Collections:   collections{events},
		Authenticator: newAuthenticator(reviews, known, c),
		Authorizer:    authorizer,
		Upstream:      proxy,
	}}, nil
}

// rbacResources are what local authorization reads, in the order of rbac.Snapshots.
func rbacResources() []schema.GroupVersionResource {
	gv := schema.GroupVersion{Group: "rbac.authorization.k8s.io", Version: "v1"}
	return []schema.GroupVersionResource{
		gv.WithResource("roles"), gv.WithResource("clusterroles"),
		gv.WithResource("rolebindings"), gv.WithResource("clusterrolebindings"),
	}
}

// rbacCollections gives the authorizer a cluster's RBAC objects.
type rbacCollections struct{ cluster *informers.Cluster }

var _ rbac.Collections = rbacCollections{}

// RBAC waits for the first sync; later it only looks.
func (c rbacCollections) RBAC(ctx context.Context) (rbac.Snapshots, error) {
	ctx, cancel := context.WithTimeout(ctx, rbacPatience)
	defer cancel()
	var snapshots [4]*store.Snapshot
	for i, gvr := range rbacResources() {
		collection, err := c.cluster.Pinned(ctx, gvr)
		switch {
		case errors.Is(err, informers.ErrNotWatchable):
			return rbac.Snapshots{}, fmt.Errorf("%w: %s: %w", rbac.ErrNotReadable, gvr.Resource, err)
		case err != nil:
			return rbac.Snapshots{}, fmt.Errorf("%s: %w", gvr.Resource, err)
		}
		if collection.Age > rbacBound {
			return rbac.Snapshots{}, fmt.Errorf("%s: nothing heard for %s", gvr.Resource, collection.Age.Round(time.Second))
		}
		snapshots[i] = collection.Snapshot()
	}
	return rbac.Snapshots{
		Roles: snapshots[0], ClusterRoles: snapshots[1], RoleBindings: snapshots[2], ClusterRoleBindings: snapshots[3],
	}, nil
}

// collections shows the request side a cluster's collections.
type collections struct{ cluster *informers.Cluster }

var _ httpapi.Collections = collections{}

func (c collections) Resource(ctx context.Context, gvr schema.GroupVersionResource) (namespaced, ok bool) {
	resource, ok := c.cluster.Cacheable(ctx, gvr)
	return resource.Namespaced, ok
}

func (c collections) Preferred(gr schema.GroupResource) (gvr schema.GroupVersionResource, namespaced, ok bool) {
	resource, ok := c.cluster.Preferred(gr)
	return resource.GroupVersionResource, resource.Namespaced, ok
}

func (c collections) Collection(ctx context.Context, gvr schema.GroupVersionResource) (httpapi.Collection, error) {
	return shown(c.cluster.Collection(ctx, gvr))
}

func (c collections) Table(ctx context.Context, gvr schema.GroupVersionResource) (httpapi.Collection, error) {
	return shown(c.cluster.Table(ctx, gvr))
}

func shown(collection informers.Collection, err error) (httpapi.Collection, error) {
	switch {
	case errors.Is(err, informers.ErrInconsistent):
		return httpapi.Collection{}, fmt.Errorf("%w: %w: %w", httpapi.ErrNotCached, httpapi.ErrHealing, err)
	case errors.Is(err, informers.ErrNotWatchable):
		return httpapi.Collection{}, fmt.Errorf("%w: %w", httpapi.ErrNotCached, err)
	}
	if errors.Is(err, informers.ErrFull) {
		return httpapi.Collection{}, httpapi.ErrFull
	}
	return httpapi.Collection(collection), err
}

func (c collections) Live(gr schema.GroupResource) []httpapi.Collection {
	var live []httpapi.Collection
	for _, collection := range c.cluster.Live(gr) {
		live = append(live, httpapi.Collection(collection))
	}
	return live
}

func (c collections) Status() apiv1.ClusterStatus {
	status := apiv1.ClusterStatus{Name: c.cluster.Name(), Reachable: c.cluster.Err() == nil}
	for _, s := range c.cluster.Status() {
		status.Collections = append(status.Collections, apiv1.CollectionStatus{
			Group: s.Resource.Group, Version: s.Resource.Version, Resource: s.Resource.Resource, Tables: s.Tables,
			Synced: s.Synced, Objects: s.Objects, Bytes: s.Bytes, ResourceVersion: strconv.FormatUint(s.ResourceVersion, 10),
			AgeSeconds: s.Age.Seconds(), Error: s.Error,
		})
	}
	return status
}
