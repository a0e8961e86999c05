package informers

import (
	"context"
	"errors"
	"fmt"

	"github.com/tidwall/gjson"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/rest"

	"github.com/k8cache/k8cache/internal/serialize"
)

// pageSize is how many objects a list asks for at once, where the API server does not stream lists (before KEP-3157).
const pageSize = 500

// collectionPath is the URL path of a resource in all namespaces.
func collectionPath(gvr schema.GroupVersionResource) string {
	if gvr.Group == "" {
		return "/api/" + gvr.Version + "/" + gvr.Resource
	}
	return "/apis/" + gvr.Group + "/" + gvr.Version + "/" + gvr.Resource
}

func request(client rest.Interface, gvr schema.GroupVersionResource) *rest.Request {
	return client.Get().AbsPath(collectionPath(gvr)).SetHeader("Accept", "application/json")
}

// probe asks for one object to learn how the API server writes this resource's envelopes: built-in kinds and custom
// resources differ in key order, and a custom resource's list kind stands nowhere in discovery.
func probe(ctx context.Context, client rest.Interface, gvr schema.GroupVersionResource, kind string) (serialize.Kind, error) {
	body, err := request(client, gvr).Param("limit", "1").Do(ctx).Raw()
	if err != nil {
		return serialize.Kind{}, err
	}
	listKind := gjson.GetBytes(body, "kind").String()
	if listKind == "" {
		return serialize.Kind{}, errors.New("the answer to a list names no kind")
	}
	return serialize.Kind{
		APIVersion: gvr.GroupVersion().String(),
		Kind:       kind,
		ListKind:   listKind,
		Custom:     gjson.ParseBytes(body).Get("@keys.0").String() == "apiVersion",
	}, nil
}

// ListWithContext reads one page. The objects go to the builder; what the Reflector gets is an empty list with the
// page's version and continue token.
func (m *mirror) ListWithContext(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
	if options.Continue == "" {
		m.pending = m.collection.Builder()
	}
	body, err := request(m.client, m.resource.GroupVersionResource).
		SpecificallyVersionedParams(&options, metav1.ParameterCodec, schema.GroupVersion{Version: "v1"}).Do(ctx).Raw()
	if err != nil {
		return nil, m.heard(err)
	}
	if !gjson.ValidBytes(body) {
		return nil, m.heard(errors.New("the answer to a list is not JSON"))
	}
	metadata, items := gjson.GetBytes(body, "metadata"), gjson.GetBytes(body, "items")
	if err := m.addAll(items); err != nil {
		return nil, m.heard(err)
	}
	return &metav1.PartialObjectMetadataList{ListMeta: metav1.ListMeta{
		ResourceVersion: metadata.Get("resourceVersion").String(),
		Continue:        metadata.Get("continue").String(),
	}}, nil
}

func (m *mirror) addAll(items gjson.Result) (err error) {
	items.ForEach(func(_, value gjson.Result) bool {
		var object serialize.Object
		if object, err = serialize.Parse([]byte(value.Raw)); err == nil {
			err = m.pending.Add(object)
		}
		return err == nil
	})
	return err
}

// WatchWithContext opens a watch. Where it begins with the whole collection (KEP-3157), those objects go to the
// builder, and the Reflector sees only the bookmark that ends them.
func (m *mirror) WatchWithContext(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
	options.Watch = true
	ctx, cancel := context.WithCancel(ctx)
	body, err := request(m.client, m.resource.GroupVersionResource).
		SpecificallyVersionedParams(&options, metav1.ParameterCodec, schema.GroupVersion{Version: "v1"}).Stream(ctx)
	if err != nil {
		cancel()
		return nil, m.heard(fmt.Errorf("watch: %w", err))
	}
	var initial func(serialize.Object) error
	if options.SendInitialEvents != nil && *options.SendInitialEvents {
		m.pending = m.collection.Builder()
		initial = m.pending.Add
	}
	return startStream(ctx, cancel, body, initial, m.alive), nil
}

// List is there for the Reflector's older interface, which it does not use.
func (m *mirror) List(metav1.ListOptions) (runtime.Object, error) { return nil, errNeedsContext }

// Watch is there for the Reflector's older interface, which it does not use.
func (m *mirror) Watch(metav1.ListOptions) (watch.Interface, error) { return nil, errNeedsContext }

var errNeedsContext = errors.New("call the variant with a context")
