package httpapi

import (
	"net/http"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// get answers with one object.
func (a *api) get(w http.ResponseWriter, r *http.Request, c *Cluster, want read) error {
	freshness, version := getFreshness(want.query)
	if freshness == asUpstream || want.query.Has("export") || want.query.Has("timeout") {
		return a.forward(w, r, c)
	}
	see, err := a.see(w, r, c, want, listOptions{})
	if err != nil || see == nil {
		return err
	}
	defer see.leave()
	snapshot, err := see.snapshot(r.Context(), freshness, version)
	if err != nil {
		return err
	}
	namespace := want.namespace
	if !see.namespaced {
		namespace = "" // a Namespace lies in itself only for authorization
	}
	object, ok := snapshot.Get(namespace, want.name)
	if !c.Authorizer.Current(r.Context(), see.scope) {
		return errRightsMoved
	}
	if !ok {
		describe(w, r, see.collection)
		return apierrors.NewNotFound(want.GroupResource(), want.name)
	}
	recordOf(r.Context()).items = 1
	return see.writeObject(w, r, see.collection.Kind.AppendObject(nil, object), object.Fingerprint())
}
