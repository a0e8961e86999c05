package httpapi

import (
	"math/rand/v2"
	"net/url"
	"strconv"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// An API server ends a watch that names no time after one between this and twice this (--min-request-timeout).
const minWatchTime = 30 * time.Minute

// watchOptions are the parameters of a watch.
type watchOptions struct {
	listOptions
	initial   bool   // begin with what is there
	marked    bool   // and say when that has ended (KEP-3157)
	bookmarks bool   // say from time to time how far the watch has come (KEP-956)
	after     uint64 // without initial: begin with the event after this version; zero: with the next
	timeout   time.Duration
}

// parseWatchOptions reads a watch's parameters. What an API server would refuse is asUpstream.
func parseWatchOptions(gr schema.GroupResource, query url.Values) (watchOptions, error) {
	list, err := parseListOptions(gr, withoutVersion(query))
	o := watchOptions{listOptions: list, bookmarks: isSet(query, "allowWatchBookmarks")}
	if err == nil {
		err = unordered(list)
	}
	if err != nil || list.freshness == asUpstream || list.token != "" {
		o.freshness = asUpstream
		return o, err
	}
	_, limitErr := parseInt(query, "limit") // a watch has no pages, but a limit must be a number
	seconds, err := parseInt(query, "timeoutSeconds")
	if err != nil || limitErr != nil || seconds < 0 {
		o.freshness = asUpstream
		return o, nil //nolint:nilerr // the API server words this refusal itself
	}
	if o.timeout = time.Duration(seconds) * time.Second; seconds == 0 {
		o.timeout = minWatchTime + rand.N(minWatchTime) //nolint:gosec // it spreads load and hides nothing
	}
	o.begin(query)
	return o, nil
}

// unordered refuses what a stream cannot have.
func unordered(o listOptions) error {
	if err := o.query.Unordered(); err != nil {
		return apierrors.NewBadRequest(err.Error())
	}
	return nil
}

// withoutVersion keeps what a watch reads as a list does; a watch has no pages. The time that a request may take is not
// for watches (WithRequestDeadline in k8s.io/apiserver), though client-go's typed clients send it with each.
func withoutVersion(query url.Values) url.Values {
	kept := url.Values{}
	for key, values := range query {
		switch key {
		case "resourceVersion", "resourceVersionMatch", "sendInitialEvents", "limit", "timeout":
		default:
			kept[key] = values
		}
	}
	return kept
}

// begin settles what the watch begins with. Where a client says nothing, an API server defaults to initial events
// (SetListOptionsDefaults in apimachinery).
func (o *watchOptions) begin(query url.Values) {
	value, match := query.Get("resourceVersion"), metav1.ResourceVersionMatch(query.Get("resourceVersionMatch"))
	asked, says := isSet(query, "sendInitialEvents"), query.Has("sendInitialEvents")
	version, err := strconv.ParseUint(value, 10, 64)
	if err != nil && value != "" || says != (match == metav1.ResourceVersionMatchNotOlderThan) || !says && match != "" {
		o.freshness = asUpstream
		return
	}
	o.freshness = newest
	o.initial = asked || !says && version == 0
	o.marked = o.initial && o.bookmarks
	switch {
	case o.initial && version > 0:
		o.freshness, o.version = notOlderThan, version
	case !o.initial:
		o.after = version
	}
}

// isSet decodes a boolean as an API server does: all but "0" and "false" are true.
func isSet(query url.Values, key string) bool {
	value := query.Get(key)
	return query.Has(key) && value != "0" && !strings.EqualFold(value, "false")
}
