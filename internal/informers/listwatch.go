package informers

import (
	"context"
	"errors"
	"fmt"

	"github.com/tidwall/gjson"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilnet "k8s.io/apimachinery/pkg/util/net"
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

// form is how an API server writes a resource's answers.
type form struct {
	kind     serialize.Kind
	warnings []string // Warning headers: the resource or its version is deprecated

	// Of tables:
	columns string // their definitions, as JSON
	noRows  string // the rows of an empty one, as JSON
	printer *printer
}

// probe learns the form of what the mirror is to hold.
func (m *mirror) probe(ctx context.Context) (form, error) {
	if m.heads {
		return form{kind: serialize.Kind{APIVersion: "meta.k8s.io/v1", Kind: "PartialObjectMetadata"}}, nil
	}
	found, err := probe(ctx, m.client, m.resource)
	if err == nil && m.tables {
		err = m.endsWith(m.probeTable(ctx, &found))
	}
	return found, err
}

// probe asks for one object to learn a resource's form: built-in kinds and custom resources differ in key order, and a
// custom resource's list kind and what is deprecated stand nowhere in discovery.
func probe(ctx context.Context, client rest.Interface, resource Resource) (form, error) {
	answer := request(client, resource.GroupVersionResource).Param("limit", "1").Do(ctx)
	body, err := answer.Raw()
	if err != nil {
		return form{}, err
	}
	listKind := gjson.GetBytes(body, "kind").String()
	if listKind == "" || !isListOf(body, resource.GroupVersion()) {
		return form{}, errors.New("the answer to a list is none of this resource")
	}
	found := form{kind: serialize.Kind{
		APIVersion: resource.GroupVersion().String(),
		Kind:       resource.Kind,
		ListKind:   listKind,
		Custom:     gjson.ParseBytes(body).Get("@keys.0").String() == "apiVersion",
	}}
	for _, warning := range answer.Warnings() {
		header, err := utilnet.NewWarningHeader(warning.Code, warning.Agent, warning.Text)
		if err == nil { // otherwise it is none that could be passed on
			found.warnings = append(found.warnings, header)
		}
	}
	return found, nil
}

// isListOf tells a list from whatever else is answered with code 200. Its kind may be any text, for custom resources.
func isListOf(body []byte, gv schema.GroupVersion) bool {
	items := gjson.GetBytes(body, "items")
	return gjson.ValidBytes(body) && gjson.GetBytes(body, "apiVersion").String() == gv.String() &&
		(items.IsArray() || items.Exists() && items.Type == gjson.Null)
}

// ListWithContext reads one page. The objects go to the builder; what the Reflector gets is an empty list with the
// page's version and continue token.
func (m *mirror) ListWithContext(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
	// To a watch that was given up for lack of memory the Reflector's answer is a list, whose pages come whole.
	if _, err := m.problem(); errors.Is(err, ErrFull) && options.Continue == "" {
		return nil, err
	}
	if options.Continue == "" {
		m.wanted.Store(false)
		m.pending = m.collection.Builder()
	}
	answer := m.request().
		SpecificallyVersionedParams(&options, metav1.ParameterCodec, schema.GroupVersion{Version: "v1"}).
		MaxRetries(0). // the Reflector knows better: a version that the API server has not come to it does not ask for again
		Do(ctx)
	if err := answer.Error(); err != nil { // Raw has less to say: not that the version is too large
		return nil, m.heard(err)
	}
	body, err := answer.Raw()
	if err != nil {
		return nil, m.heard(err)
	}
	if !gjson.ValidBytes(body) {
		return nil, m.heard(errors.New("the answer to a list is not JSON"))
	}
	metadata := gjson.GetBytes(body, "metadata")
	if err := m.addAll(body); err != nil {
		return nil, m.heard(err)
	}
	return &metav1.PartialObjectMetadataList{ListMeta: metav1.ListMeta{
		ResourceVersion: metadata.Get("resourceVersion").String(),
		Continue:        metadata.Get("continue").String(),
	}}, nil
}

func (m *mirror) addAll(body []byte) (err error) {
	add := m.roomy(m.pending.Add)
	if m.tables {
		return m.addRows(body, add)
	}
	gjson.GetBytes(body, "items").ForEach(func(_, value gjson.Result) bool {
		var object serialize.Object
		if object, err = m.form.kind.Parse([]byte(value.Raw)); err == nil {
			err = add(object)
		}
		return err == nil
	})
	return err
}

// WatchWithContext opens a watch. Where it begins with the whole collection (KEP-3157), those objects go to the
// builder, and the Reflector sees only the bookmark that ends them.
func (m *mirror) WatchWithContext(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
	options.Watch = true
	initial := options.SendInitialEvents != nil && *options.SendInitialEvents
	if !initial { // it is taken up again
		if err := m.verify(ctx, m.resource, options.ResourceVersion); err != nil {
			return nil, m.heard(fmt.Errorf("watch: %w", err))
		}
	}
	ctx, cancel := context.WithCancel(ctx)
	if err := m.opens(initial, cancel); err != nil {
		cancel()
		return nil, err
	}
	body, err := m.request().
		SpecificallyVersionedParams(&options, metav1.ParameterCodec, schema.GroupVersion{Version: "v1"}).
		MaxRetries(0). // as of a list
		Stream(ctx)
	if err != nil {
		cancel()
		return nil, m.heard(fmt.Errorf("watch: %w", err))
	}
	m.alive() // it is taken up from where it stood, so nothing has been missed
	tell := m.listener()
	if initial {
		m.pending = m.collection.Builder()
		tell.initial = m.roomy(m.pending.Add)
	}
	return startStream(ctx, cancel, body, tell), nil
}

// request is one for the collection, in the form in which the mirror holds it.
func (m *mirror) request() *rest.Request {
	r := request(m.client, m.resource.GroupVersionResource)
	switch {
	case m.tables:
		r = r.SetHeader("Accept", tableType).Param("includeObject", "Object")
	case m.heads:
		r = r.SetHeader("Accept", headType)
	}
	return r
}

// listener is how the mirror hears a watch.
func (m *mirror) listener() listener {
	if m.tables {
		return listener{alive: m.alive, read: m.readTable, mark: m.markTable}
	}
	return listener{alive: m.alive, read: m.form.kind.Parse, mark: func(object []byte) (gjson.Result, error) {
		m.remember(object)
		return gjson.GetBytes(object, "metadata"), nil
	}}
}

// List is there for the Reflector's older interface, which it does not use.
func (m *mirror) List(metav1.ListOptions) (runtime.Object, error) { return nil, errNeedsContext }

// Watch is there for the Reflector's older interface, which it does not use.
func (m *mirror) Watch(metav1.ListOptions) (watch.Interface, error) { return nil, errNeedsContext }

var errNeedsContext = errors.New("call the variant with a context")
