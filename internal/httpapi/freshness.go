package httpapi

import (
	"net/url"
	"strconv"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// freshness says which state of a collection a list or get is about.
type freshness int

const (
	// asUpstream: what the API server makes of it, refusals included, is the API server's to say.
	asUpstream freshness = iota
	// newest: the newest state seen. That is what an unset version means here; an API server would ask etcd.
	newest
	// notOlderThan: the newest, once it has come to a version.
	notOlderThan
	// exactly: the state at a version, while it is held.
	exactly
)

// listFreshness decides by the parameters of a list, as "Resource versions" in the Kubernetes API concepts lays down.
// The limit is returned because version 0 takes it away.
func listFreshness(query url.Values, limit int64) (f freshness, version uint64, limitNow int64) {
	value, match := query.Get("resourceVersion"), metav1.ResourceVersionMatch(query.Get("resourceVersionMatch"))
	if query.Get("sendInitialEvents") != "" || !knownMatch(match) {
		return asUpstream, 0, limit
	}
	version, err := strconv.ParseUint(value, 10, 64)
	switch {
	case value == "" && match == "":
		return newest, 0, limit
	case value == "" || err != nil:
		return asUpstream, 0, limit
	case version == 0 && match == metav1.ResourceVersionMatchExact:
		return asUpstream, 0, limit
	case version == 0:
		return newest, 0, 0
	case match == metav1.ResourceVersionMatchExact || match == "" && limit > 0: // the latter for reasons of history
		return exactly, version, limit
	default:
		return notOlderThan, version, limit
	}
}

func knownMatch(match metav1.ResourceVersionMatch) bool {
	return match == "" || match == metav1.ResourceVersionMatchExact || match == metav1.ResourceVersionMatchNotOlderThan
}

// getFreshness likewise for a get, which knows no match.
func getFreshness(query url.Values) (freshness, uint64) {
	value := query.Get("resourceVersion")
	version, err := strconv.ParseUint(value, 10, 64)
	switch {
	case value == "" || err == nil && version == 0:
		return newest, 0
	case err != nil:
		return asUpstream, 0
	default:
		return notOlderThan, version
	}
}
