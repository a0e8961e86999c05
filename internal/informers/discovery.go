package informers

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/rest"
)

// Resource is what discovery says of one resource in one version.
type Resource struct {
	schema.GroupVersionResource
	// Kind is the kind of one object.
	Kind string
	// Namespaced says whether objects live in namespaces.
	Namespaced bool
}

// resources is one immutable answer of discovery: the resources that may be cached.
type resources struct {
	cacheable map[schema.GroupVersionResource]Resource
	preferred map[schema.GroupResource]schema.GroupVersionResource
	fetched   time.Time
}

// catalog remembers which resources an API server itself stores and lets clients list and watch. Resources of
// aggregated API servers are left out: such a server may answer each user differently.
type catalog struct {
	client  discovery.DiscoveryInterfaceWithContext
	rest    rest.Interface
	current atomic.Pointer[resources]
}

func newCatalog(config *rest.Config, httpClient *http.Client, client rest.Interface) (*catalog, error) {
	d, err := discovery.NewDiscoveryClientForConfigAndClient(config, httpClient)
	if err != nil {
		return nil, err
	}
	return &catalog{client: d, rest: client}, nil
}

// lookup finds a resource in the newest answer of discovery.
func (c *catalog) lookup(gvr schema.GroupVersionResource) (Resource, bool) {
	known := c.current.Load()
	if known == nil {
		return Resource{}, false
	}
	r, ok := known.cacheable[gvr]
	return r, ok
}

// preferred is a resource in the version that the API server prefers among those in which it may be cached.
func (c *catalog) preferred(gr schema.GroupResource) (schema.GroupVersionResource, bool) {
	known := c.current.Load()
	if known == nil {
		return schema.GroupVersionResource{}, false
	}
	gvr, ok := known.preferred[gr]
	return gvr, ok
}

// age is how long ago discovery last answered; zero with false where it never did.
func (c *catalog) age(now time.Time) (time.Duration, bool) {
	known := c.current.Load()
	if known == nil {
		return 0, false
	}
	return now.Sub(known.fetched), true
}

// refresh asks the API server. One aggregated API that is down does not fail it: its group is left out.
func (c *catalog) refresh(ctx context.Context) error {
	aggregated, err := c.aggregated(ctx)
	if apierrors.IsForbidden(err) {
		// Whoever may not ask which APIs are aggregated caches nothing, and passes everything on.
		c.current.Store(&resources{fetched: time.Now()})
		return nil
	}
	if err != nil {
		return fmt.Errorf("list API services: %w", err)
	}
	groups, lists, err := c.client.ServerGroupsAndResourcesWithContext(ctx)
	if err != nil && !discovery.IsGroupDiscoveryFailedError(err) {
		return fmt.Errorf("discover resources: %w", err)
	}
	next := &resources{
		cacheable: map[schema.GroupVersionResource]Resource{},
		preferred: map[schema.GroupResource]schema.GroupVersionResource{},
		fetched:   time.Now(),
	}
	served := make(map[string][]metav1.APIResource, len(lists))
	for _, list := range lists {
		served[list.GroupVersion] = list.APIResources
	}
	for _, group := range groups {
		for _, version := range group.Versions { // in the API server's order of preference
			gv := schema.GroupVersion{Group: group.Name, Version: version.Version}
			if !aggregated[gv] {
				next.add(gv, served[version.GroupVersion])
			}
		}
	}
	c.current.Store(next)
	return nil
}

func (r *resources) add(gv schema.GroupVersion, found []metav1.APIResource) {
	for _, resource := range found {
		// Subresources ("pods/log") have no list verb; a resource without watch cannot be kept in step.
		if !slices.Contains(resource.Verbs, "list") || !slices.Contains(resource.Verbs, "watch") {
			continue
		}
		gvr := gv.WithResource(resource.Name)
		r.cacheable[gvr] = Resource{GroupVersionResource: gvr, Kind: resource.Kind, Namespaced: resource.Namespaced}
		// Versions come in order of preference, so the first that serves a resource is its preferred one.
		if _, ok := r.preferred[gvr.GroupResource()]; !ok {
			r.preferred[gvr.GroupResource()] = gvr
		}
	}
}

// aggregated names the group versions that another server than kube-apiserver answers: their APIService names a service.
func (c *catalog) aggregated(ctx context.Context) (map[schema.GroupVersion]bool, error) {
	body, err := c.rest.Get().AbsPath("/apis/apiregistration.k8s.io/v1/apiservices").
		Param("resourceVersion", "0").Do(ctx).Raw()
	if err != nil {
		return nil, err
	}
	var list struct {
		Items []struct {
			Spec struct {
				Group   string          `json:"group"`
				Version string          `json:"version"`
				Service json.RawMessage `json:"service"`
			} `json:"spec"`
		} `json:"items"`
	}
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	remote := map[schema.GroupVersion]bool{}
	for _, item := range list.Items {
		if len(item.Spec.Service) > 0 {
			remote[schema.GroupVersion{Group: item.Spec.Group, Version: item.Spec.Version}] = true
		}
	}
	return remote, nil
}
