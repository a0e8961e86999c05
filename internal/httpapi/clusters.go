package httpapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	apiv1 "github.com/k8cache/k8cache/api/v1"
	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/rbac/authn"
	"github.com/k8cache/k8cache/internal/serialize"
)

// Cluster is what requests need of one cluster.
type Cluster struct {
	Collections   Collections
	Authenticator Authenticator
	Authorizer    Authorizer
	// Upstream takes what is not answered from memory. It is given the request with the path as the API server is to
	// see it.
	Upstream http.Handler
}

// Collections finds what is kept of a cluster's resources.
type Collections interface {
	// Resource says whether a resource is one to answer from memory, and whether it is namespaced.
	Resource(ctx context.Context, gvr schema.GroupVersionResource) (namespaced, ok bool)
	// Preferred is a resource in the version that the API server prefers.
	Preferred(gr schema.GroupResource) (gvr schema.GroupVersionResource, namespaced, ok bool)
	// Collection waits until the resource is synced. It fails with ErrNotCached where the API server does not let the
	// service watch it, with ErrFull where there is no memory for it, and with the context's error where the time runs out.
	Collection(ctx context.Context, gvr schema.GroupVersionResource) (Collection, error)
	// Table likewise gives the collection whose objects carry the rows that the API server prints of them.
	Table(ctx context.Context, gvr schema.GroupVersionResource) (Collection, error)
	// Live lists the synced collections of a resource, in whatever versions and forms; it starts none.
	Live(gr schema.GroupResource) []Collection
	// Status lists what is kept.
	Status() apiv1.ClusterStatus
}

// ErrNotCached says that a resource cannot be kept in memory and has to be asked for upstream.
var ErrNotCached = errors.New("not cached")

// ErrHealing says, beside ErrNotCached, that a resource is not answered from memory just now, because what is there was
// found to be wrong.
var ErrHealing = errors.New("being read anew")

// ErrFull says that there is no memory to keep a resource.
var ErrFull = errors.New("memory is full")

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

// Authenticator finds out who is calling.
type Authenticator interface {
	// Authenticate fails with a Status error: 401 for nobody, 400 for a contradiction, 503 where it cannot tell now.
	Authenticate(ctx context.Context, r *http.Request) (authn.Caller, error)
	// Pass fails with a Status error where a request cannot go on to the cluster as whose it is.
	Pass(r *http.Request) error
	// Strip removes the headers by which a front proxy names a user.
	Strip(header http.Header)
}

// Authorizer finds out what a caller may see.
type Authorizer interface {
	// Scope fails with a Status error where it cannot tell; a scope that holds nothing is no error.
	Scope(ctx context.Context, user rbac.User, attributes rbac.Attributes) (rbac.Scope, error)
	// Current says whether rights are still those that the scope was computed from.
	Current(ctx context.Context, scope rbac.Scope) bool
}
