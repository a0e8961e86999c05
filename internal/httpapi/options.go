package httpapi

import (
	"net/url"
	"strconv"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
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
	slim      bool   // omitManagedFields
	refusal   error  // what is wrong with a selector; freshness is asUpstream then
}

// parseListOptions reads a list's parameters. An error is one of k8cache's own parameters; everything else that is wrong
// leads to asUpstream, because the API server words its refusals best.
func parseListOptions(query url.Values) (listOptions, error) {
	o := listOptions{strict: query.Get("scope") == "strict", token: query.Get("continue")}
	var err error
	if o.slim, err = parseBool(query, "omitManagedFields"); err != nil {
		return o, err
	}
	if value := query.Get("scope"); value != "" && value != "strict" {
		return o, apierrors.NewBadRequest(`scope: the only value is "strict"`)
	}
	if err := o.parseSelectors(query); err != nil {
		o.refusal = apierrors.NewBadRequest(err.Error())
		return o, nil
	}
	limit, err := parseInt(query, "limit")
	if err != nil || query.Has("timeout") {
		return o, nil //nolint:nilerr // asUpstream
	}
	if _, err := parseInt(query, "timeoutSeconds"); err != nil {
		return o, nil //nolint:nilerr // asUpstream: it means nothing here, but must be a number
	}
	o.freshness, o.version, o.limit = listFreshness(query, max(limit, 0))
	if o.token != "" && o.freshness != newest {
		o.freshness = asUpstream // a token names its version itself
	}
	return o, nil
}

func (o *listOptions) parseSelectors(query url.Values) (err error) {
	if o.labels, err = labels.Parse(query.Get("labelSelector")); err != nil {
		return err
	}
	o.fields, err = fields.ParseSelector(query.Get("fieldSelector"))
	return err
}

func parseInt(query url.Values, key string) (int64, error) {
	if !query.Has(key) {
		return 0, nil
	}
	return strconv.ParseInt(query.Get(key), 10, 64)
}

func parseBool(query url.Values, key string) (bool, error) {
	value := query.Get(key)
	if value == "" {
		return false, nil
	}
	b, err := strconv.ParseBool(value)
	if err != nil {
		return false, apierrors.NewBadRequest(key + ": " + strconv.Quote(value) + " is neither true nor false")
	}
	return b, nil
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
