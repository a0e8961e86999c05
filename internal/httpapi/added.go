package httpapi

import (
	"encoding/json"
	"net/http"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	apiv1 "github.com/k8cache/k8cache/api/v1"
	"github.com/k8cache/k8cache/internal/httpapi/query"
)

// onlyHere refuses to pass on a request with a parameter that only k8cache knows: an API server would ignore it, and
// answer, or delete, something else than was asked for. Leaving managedFields in is the one thing that harms nobody.
func onlyHere(r *http.Request, named object) error {
	if named.Resource == "" || named.subresource != "" {
		return nil // what it means there is not ours to say
	}
	values := r.URL.Query()
	for _, parameter := range query.Parameters() {
		if parameter != "omitManagedFields" && values.Get(parameter) != "" {
			return apierrors.NewBadRequest(parameter + ": this request has to be answered by the API server itself, which does not know the parameter" + hint(r, named))
		}
	}
	return nil
}

// document serves what describes k8cache's own parameters and answers.
func document(w http.ResponseWriter, r *http.Request) error {
	return writeJSON(w, r, json.RawMessage(apiv1.OpenAPI))
}

// searchable refuses a search where searches are switched off.
func (a *api) searchable(o listOptions) error {
	if a.options.NoSearch && len(o.query.Words) > 0 {
		return apierrors.NewBadRequest("search: is switched off here (--search=false)")
	}
	return nil
}

// hint says what made it so, where the client can change it.
func hint(r *http.Request, named object) string {
	switch {
	case r.Method != http.MethodGet:
		return ": only a GET can be answered here"
	case wantsTruth(r.Header):
		return ": leave Cache-Control: no-cache out"
	case !takesMemory(r, named):
		return ": accept " + jsonType
	}
	return ", as where the resource is not cached, or another parameter is wrong"
}

// takesMemory says whether the client takes any form that can be made from memory.
func takesMemory(r *http.Request, named object) bool {
	wanted, ok := formsOf(r.Header.Get("Accept"), false, read{object: named})
	return ok && slices.ContainsFunc(wanted, form.fromMemory)
}
