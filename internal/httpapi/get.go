package httpapi

import (
	"net/http"

	"github.com/cespare/xxhash/v2"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/k8cache/k8cache/internal/httpapi/query"
)

// get answers with one object.
func (a *api) get(w http.ResponseWriter, r *http.Request, c *Cluster, want read) error {
	freshness, version := getFreshness(want.query)
	if freshness == asUpstream || want.query.Has("export") || hurried(want.query) {
		return a.forward(w, r, c)
	}
	cut, err := query.Parse(want.query)
	if err == nil {
		err = cut.Single()
	}
	if err != nil {
		return apierrors.NewBadRequest(err.Error())
	}
	see, err := a.see(w, r, c, want, listOptions{query: cut})
	if err != nil || see == nil {
		return err
	}
	defer see.leave()
	snapshot, err := see.snapshot(r.Context(), freshness, version)
	if see.passesOn(err) {
		return a.forward(w, r, c)
	}
	if err != nil {
		return err
	}
	object, ok := snapshot.Get(want.home(), want.name)
	if !ok {
		if !c.Authorizer.Current(r.Context(), see.scope) {
			return errRightsMoved
		}
		see.describe(w, r)
		return apierrors.NewNotFound(want.GroupResource(), want.name)
	}
	recordOf(r.Context()).items = 1
	written := see.kind.AppendObject(nil, cut.Object(object))
	fingerprint := object.Fingerprint() // of all of it: what is cut away may move it, nothing else
	if see.form.shape == table {
		fingerprint = xxhash.Sum64(written) // it runs with time
	}
	return see.answer(w, r, c, fingerprint, func() (body, error) {
		return see.document(r, written)
	})
}

// document makes the body of one object in the form asked for.
func (s *sight) document(r *http.Request, object []byte) (body, error) {
	document, err := s.form.text().Document(object)
	if err != nil {
		return body{}, notWritable(err)
	}
	return bytesBody(r, document)
}
