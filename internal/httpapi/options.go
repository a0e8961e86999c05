package httpapi

import (
	"net/url"
	"strconv"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
)

// listOptions are the parameters of a list that are answered from memory (metav1.ListOptions).
type listOptions struct {
	labels  labels.Selector
	fields  fields.Selector
	version uint64 // not older than; zero: what is there
	limit   int64  // zero: none
	strict  bool   // scope=strict: whoever may not see all gets nothing, as from an API server
}

// parseListOptions reads a list's parameters. It says false where the answer takes more than memory can give exactly,
// and the API server is to be asked: an exact version, a page of an earlier list, a combination that it will refuse.
func parseListOptions(query url.Values) (listOptions, bool, error) {
	for _, key := range []string{"continue", "sendInitialEvents", "timeout", "resourceVersionMatch"} {
		if query.Get(key) != "" {
			return listOptions{}, false, nil
		}
	}
	o := listOptions{strict: query.Get("scope") == "strict"}
	var err error
	if o.version, err = parseVersion(query); err != nil {
		return o, false, nil //nolint:nilerr // the API server words this refusal itself
	}
	if value := query.Get("limit"); value != "" {
		if o.limit, err = strconv.ParseInt(value, 10, 64); err != nil {
			return o, false, nil //nolint:nilerr // as above
		}
	}
	if o.limit > 0 && o.version > 0 {
		return o, false, nil // means exactly that version, for reasons of history
	}
	if query.Get("resourceVersion") == "0" {
		o.limit = 0
	}
	if o.labels, err = labels.Parse(query.Get("labelSelector")); err != nil {
		return o, false, badRequest(err)
	}
	if o.fields, err = fields.ParseSelector(query.Get("fieldSelector")); err != nil {
		return o, false, badRequest(err)
	}
	for _, r := range o.fields.Requirements() {
		if r.Field != "metadata.name" && r.Field != "metadata.namespace" {
			return o, false, nil // which fields a kind can be selected by is the API server's to say
		}
	}
	return o, true, nil
}

// parseVersion reads resourceVersion; "" and "0" take what is there.
func parseVersion(query url.Values) (uint64, error) {
	value := query.Get("resourceVersion")
	if value == "" {
		return 0, nil
	}
	return strconv.ParseUint(value, 10, 64)
}

// fieldRequirements are what authorizers that judge by selector are told; none where there is no selector.
func (o listOptions) fieldRequirements() fields.Requirements {
	if o.fields == nil {
		return nil
	}
	return o.fields.Requirements()
}

// labelRequirements likewise.
func (o listOptions) labelRequirements() labels.Requirements {
	if o.labels == nil {
		return nil
	}
	requirements, _ := o.labels.Requirements()
	return requirements
}

// name is the one name that a field selector asks for, which makes it part of what is authorized.
func (o listOptions) name() string {
	if o.fields == nil {
		return ""
	}
	name, _ := o.fields.RequiresExactMatch("metadata.name")
	return name
}

func badRequest(err error) error { return apierrors.NewBadRequest(err.Error()) }
