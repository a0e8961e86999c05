package httpapi

import (
	"encoding/json"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	apiv1 "github.com/k8cache/k8cache/api/v1"
	"github.com/k8cache/k8cache/internal/httpapi/query"
)

// onlyHere refuses to pass on a request with a parameter that only k8cache knows: an API server would ignore it, and
// answer, or delete, something else than was asked for. Leaving managedFields in is the one thing that harms nobody.
func onlyHere(r *http.Request, named object) error {
	if named.Resource == "" {
		named = namedLoosely(r.URL.Path)
	}
	if named.Resource == "" || named.subresource != "" {
		return nil // what it means there is not ours to say
	}
	for _, parameter := range query.Parameters() {
		if parameter != "omitManagedFields" && gives(r.URL.RawQuery, parameter) {
			return apierrors.NewBadRequest(parameter + ": this request has to be answered by the API server itself, which does not know the parameter" + hint(r, named))
		}
	}
	return nil
}

// namedLoosely is what an API server, or something before it, may take a path for that is none to be read here: paths are
// written in many ways.
func namedLoosely(decoded string) object {
	segments := strings.Split(strings.TrimPrefix(path.Clean("/"+decoded), "/"), "/")
	if at := slices.Index(segments, "watch"); at == 2 && segments[0] == "api" || at == 3 && segments[0] == "apis" {
		segments = slices.Delete(segments, at, at+1) // the deprecated prefix
	}
	named, _ := parseSegments(segments)
	return named
}

// gives says whether a query gives a parameter a value, even where an API server would drop it as malformed: then nothing
// of it would be left.
func gives(rawQuery, parameter string) bool {
	for pair := range strings.FieldsFuncSeq(rawQuery, func(c rune) bool { return c == '&' || c == ';' }) {
		name, value, _ := strings.Cut(pair, "=")
		if unescaped, err := url.QueryUnescape(name); err == nil && unescaped == parameter && value != "" {
			return true
		}
	}
	return false
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
