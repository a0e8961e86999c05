package httpapi

import (
	"net/url"
	"strconv"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/k8cache/k8cache/internal/httpapi/query"
)

// listOptions are the parameters of a list (metav1.ListOptions) and k8cache's own beside them.
type listOptions struct {
	labels    labels.Selector
	fields    fields.Selector
	freshness freshness
	version   uint64 // what freshness is about
	limit     int64  // zero: none
	token     string // continue; empty: the first page
	strict    bool   // scope=strict: whoever may not see all gets nothing, as from an API server
	refusal   error  // what is wrong with a selector; freshness is asUpstream then
	query     query.Query
	filter    query.Filter // all that picks objects
}

// parseListOptions reads a list's parameters. An error is one of k8cache's own parameters; everything else that is wrong
// leads to asUpstream, because the API server words its refusals best.
func parseListOptions(gr schema.GroupResource, values url.Values) (listOptions, error) {
	o := listOptions{strict: values.Get("scope") == "strict", token: values.Get("continue")}
	var err error
	if o.query, err = query.Parse(values); err != nil {
		return o, apierrors.NewBadRequest(err.Error())
	}
	if value := values.Get("scope"); value != "" && value != "strict" {
		return o, apierrors.NewBadRequest(`scope: the only value is "strict"`)
	}
	if err := o.parseSelectors(values); err != nil {
		o.refusal = apierrors.NewBadRequest(err.Error())
		return o, nil
	}
	if o.filter, err = filterOf(gr, o); err != nil {
		return o, err // a path that is none: an API server would only say that it does not know the field
	}
	for _, r := range o.fields.Requirements() {
		o.query.AnyField = o.query.AnyField || !selectable(gr, r.Field)
	}
	limit, err := parseInt(values, "limit")
	if err != nil || hurried(values) {
		return o, nil //nolint:nilerr // asUpstream
	}
	if _, err := parseInt(values, "timeoutSeconds"); err != nil {
		return o, nil //nolint:nilerr // asUpstream: it means nothing here, but must be a number
	}
	limit = max(limit, 0)
	if o.freshness, o.version, o.limit = listFreshness(values, limit); o.query.Adds() && o.freshness == newest {
		o.limit = limit // that version 0 takes it away is a quirk of lists, not of pages
	}
	if o.token != "" && o.freshness != newest {
		o.freshness = asUpstream // a token names its version itself
	}
	return o, nil
}

func (o *listOptions) parseSelectors(values url.Values) (err error) {
	if o.labels, err = labels.Parse(values.Get("labelSelector")); err != nil {
		return err
	}
	o.fields, err = fields.ParseSelector(values.Get("fieldSelector"))
	return err
}

// hurried says whether a request sets itself a time that is the API server's affair: one that cannot be read, or that
// waiting for a version could exceed. A longer one is no limit to an answer from memory.
func hurried(query url.Values) bool {
	value := query.Get("timeout")
	if value == "" {
		return false
	}
	limit, err := time.ParseDuration(value)
	return err != nil || limit > 0 && limit <= versionWait
}

func parseInt(query url.Values, key string) (int64, error) {
	if !query.Has(key) {
		return 0, nil
	}
	return strconv.ParseInt(query.Get(key), 10, 64)
}

// requirements are what authorizers that judge by selector are told; none where there is no selector.
func (o listOptions) requirements() (fields.Requirements, labels.Requirements) {
	if o.fields == nil || o.labels == nil {
		return nil, nil
	}
	byLabel, _ := o.labels.Requirements()
	return o.fields.Requirements(), byLabel
}

// name is the one name that a field selector asks for, which makes it part of what is authorized.
func (o listOptions) name() string {
	if o.fields == nil {
		return ""
	}
	name, _ := o.fields.RequiresExactMatch("metadata.name")
	return name
}
