package httpapi

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"github.com/go-chi/chi/v5"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/k8cache/k8cache/internal/rbac"
)

// ClusterStatus is what the status page says of one cluster.
type ClusterStatus struct {
	Name string `json:"name"`
	// Reachable says whether the API server answered when last asked.
	Reachable   bool               `json:"reachable"`
	Collections []CollectionStatus `json:"collections"`
}

// CollectionStatus is what the status page says of one collection.
type CollectionStatus struct {
	Group           string `json:"group"`
	Version         string `json:"version"`
	Resource        string `json:"resource"`
	Synced          bool   `json:"synced"`
	Objects         int    `json:"objects"`
	Bytes           int64  `json:"bytes"`
	ResourceVersion uint64 `json:"resourceVersion,string"`
	// AgeSeconds is how long ago the API server was last heard on it.
	AgeSeconds float64 `json:"ageSeconds"`
	// Error is why the API server cannot be heard.
	Error string `json:"error,omitempty"`
}

// StatusPage is the answer of /k8cache/v1/status.
type StatusPage struct {
	Version  string          `json:"version"`
	Clusters []ClusterStatus `json:"clusters"`
}

// status shows the clusters that know the caller, and of their collections those that the caller may list in full:
// counts and versions of others would tell of objects beyond the caller's rights.
func (a *api) status(w http.ResponseWriter, r *http.Request) error {
	ctx, page := r.Context(), StatusPage{Version: a.options.Version, Clusters: []ClusterStatus{}}
	var refusal error
	for name, c := range a.options.Clusters {
		caller, err := c.Authenticator.Authenticate(ctx, r)
		if err != nil {
			refusal = err
			continue
		}
		status := c.Collections.Status()
		status.Name = name
		status.Collections = slices.DeleteFunc(status.Collections, func(s CollectionStatus) bool {
			scope, err := c.Authorizer.Scope(ctx, caller.User, rbac.Attributes{
				Verb: "list", Group: s.Group, Version: s.Version, Resource: s.Resource,
			})
			return err != nil || !scope.All()
		})
		page.Clusters = append(page.Clusters, status)
	}
	if len(page.Clusters) == 0 && refusal != nil {
		return refusal
	}
	slices.SortFunc(page.Clusters, func(a, b ClusterStatus) int { return strings.Compare(a.Name, b.Name) })
	return writeJSON(w, r, page)
}

// namespaces names the namespaces in which the caller may list a resource. For a caller who may list it everywhere
// these are the namespaces that hold any of it.
func (a *api) namespaces(w http.ResponseWriter, r *http.Request) error {
	name := chi.URLParam(r, "cluster")
	c, ok := a.options.Clusters[name]
	if !ok {
		return unknownCluster(name)
	}
	gr := schema.ParseGroupResource(r.URL.Query().Get("resource"))
	if gr.Resource == "" {
		return apierrors.NewBadRequest(`the parameter "resource" must name a resource, as in resource=pods or resource=deployments.apps`)
	}
	gvr, namespaced, ok := c.Collections.Preferred(gr)
	if !ok {
		return apierrors.NewBadRequest("resource: " + gr.String() + " is not one that is answered from memory")
	}
	see, err := a.see(w, r, c, read{object: object{GroupVersionResource: gvr}, namespaced: namespaced}, listOptions{})
	if err != nil || see == nil {
		return err
	}
	defer see.leave()
	names := see.scope.Namespaces()
	if see.scope.All() {
		names = slices.Collect(see.collection.Snapshot().Namespaces())
	}
	slices.Sort(names)
	return writeJSON(w, r, map[string]any{"namespaces": names})
}

func writeJSON(w http.ResponseWriter, r *http.Request, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", "no-cache, private")
	return writeBytes(w, r, append(body, '\n'))
}
