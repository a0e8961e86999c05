package httpapi

import (
	"net/http"
	"strconv"

	"github.com/tidwall/gjson"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/serialize"
)

// list answers with the part of a collection that the caller may see.
func (a *api) list(w http.ResponseWriter, r *http.Request, c *Cluster, want read) error {
	options, ok, err := parseListOptions(want.query)
	if err != nil {
		return err
	}
	if !ok {
		return a.forward(w, r, c)
	}
	see, err := a.see(w, r, c, want, options)
	if err != nil || see == nil {
		return err
	}
	partial := !see.scope.All()
	accepts := negotiate(r.Header)
	if options.strict && partial {
		return rbac.Forbidden(see.user, see.attributes)
	}
	if accepts == acceptsOther || accepts == acceptsJSONLast && !partial {
		return a.forward(w, r, c)
	}
	snapshot, err := see.snapshot(r.Context(), options.version)
	if err != nil {
		return err
	}
	view := options.cut(see.scope.Select(snapshot), want.namespace)
	// A server may answer a limited list in full. Whoever may see all gets pages from the API server instead, which
	// cuts them exactly.
	if options.limit > 0 && int64(view.Len()) > options.limit && !partial {
		return a.forward(w, r, c)
	}
	if !c.Authorizer.Current(r.Context(), see.scope) {
		return errRightsMoved
	}
	recordOf(r.Context()).items = view.Len()
	return writeList(w, r, serialize.List{
		Kind: see.collection.Kind, ResourceVersion: strconv.FormatUint(snapshot.ResourceVersion(), 10), Parts: view.Parts(),
	}, see.collection)
}

// cut applies the selectors and the namespace of the path.
func (o listOptions) cut(view store.View, namespace string) store.View {
	if namespace == "" && o.labels.Empty() && o.fields.Empty() {
		return view
	}
	return view.Filter(func(object serialize.Object) bool {
		return (namespace == "" || object.Namespace() == namespace) &&
			o.fields.Matches(fields.Set{"metadata.name": object.Name(), "metadata.namespace": object.Namespace()}) &&
			(o.labels.Empty() || o.labels.Matches(labelsOf(object)))
	})
}

// labelsOf reads an object's labels out of its bytes.
func labelsOf(object serialize.Object) labels.Set {
	set := labels.Set{}
	gjson.GetBytes(object.Bytes(), "metadata.labels").ForEach(func(key, value gjson.Result) bool {
		set[key.String()] = value.String()
		return true
	})
	return set
}
