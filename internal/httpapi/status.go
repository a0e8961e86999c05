package httpapi

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	apiv1 "github.com/k8cache/k8cache/api/v1"
	"github.com/k8cache/k8cache/internal/rbac"
)

// status shows the clusters, and of the one that the caller is known to (the parameter cluster, otherwise the default
// one) the collections that they may list in full: counts and versions of others would tell of objects beyond their
// rights. A token is offered to that one cluster alone. Where nobody needs one, all clusters are shown so.
func (a *api) status(w http.ResponseWriter, r *http.Request) error {
	asked := cmp.Or(r.URL.Query().Get("cluster"), a.options.Default)
	if asked == "" && !a.options.Local {
		return apierrors.NewBadRequest(`there is no default cluster: name yours in the parameter "cluster"`)
	}
	if _, ok := a.options.Clusters[asked]; !ok && asked != "" {
		return unknownCluster(asked)
	}
	page := apiv1.Status{Version: a.options.Version}
	for _, name := range slices.Sorted(maps.Keys(a.options.Clusters)) {
		status := a.options.Clusters[name].Collections.Status()
		status.Name = name
		if a.options.Local || name == asked {
			var err error
			if status.Collections, err = listable(r, a.options.Clusters[name], status.Collections); err != nil && name == asked {
				return err
			}
		} else {
			status.Collections = nil
		}
		page.Clusters = append(page.Clusters, status)
	}
	return writeJSON(w, r, page)
}

// listable keeps the collections of which the caller may list all.
func listable(r *http.Request, c *Cluster, collections []apiv1.CollectionStatus) ([]apiv1.CollectionStatus, error) {
	ctx := r.Context()
	caller, err := c.Authenticator.Authenticate(ctx, r)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(collections, func(s apiv1.CollectionStatus) bool {
		scope, err := c.Authorizer.Scope(ctx, caller.User, rbac.Attributes{
			Verb: "list", Group: s.Group, Version: s.Version, Resource: s.Resource,
		})
		return err != nil || !scope.All()
	}), nil
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
	rec := recordOf(r.Context())
	rec.cluster, rec.verb, rec.object = name, "list", object{GroupVersionResource: gvr}
	see, err := a.see(w, r, c, read{object: object{GroupVersionResource: gvr}, namespaced: namespaced, forms: plain()}, listOptions{})
	if err != nil || see == nil {
		return err
	}
	defer see.leave()
	names := see.scope.Namespaces()
	if see.scope.All() {
		names = slices.Collect(see.collection.Snapshot().Namespaces())
	}
	slices.Sort(names)
	return writeJSON(w, r, apiv1.NamespaceNames{Namespaces: names})
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
