package httpapi

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/k8cache/k8cache/internal/rbac"
)

// clustersPrefix begins the paths that name their cluster.
const clustersPrefix = "/clusters/"

// target is the one reading of a request's URL: which cluster, and the path there as the client escaped it.
type target struct {
	cluster string // empty: the default cluster
	path    string
}

// parseTarget splits the cluster off. The rest is kept escaped, byte for byte: what is proxied is what was asked.
func parseTarget(u *url.URL) (target, bool) {
	escaped := u.EscapedPath()
	rest, named := strings.CutPrefix(escaped, clustersPrefix)
	if !named {
		return target{path: escaped}, true
	}
	segment, tail, _ := strings.Cut(rest, "/")
	cluster, err := url.PathUnescape(segment)
	if err != nil || cluster == "" {
		return target{}, false
	}
	return target{cluster: cluster, path: "/" + tail}, true
}

// object is what a canonical path names: a collection, one object, or a subresource of one.
type object struct {
	schema.GroupVersionResource
	namespace   string // empty: all namespaces, or a resource without
	name        string // empty: the collection
	subresource string
}

// isNamespace says whether the object is a Namespace.
func (o object) isNamespace() bool {
	return o.Group == "" && o.Resource == "namespaces" && o.name != ""
}

// home is the namespace that the object is kept in: a Namespace lies in itself only for authorization.
func (o object) home() string {
	if o.isNamespace() {
		return ""
	}
	return o.namespace
}

// read is a request that may be answered from memory: the list or get of one resource.
type read struct {
	object
	query      url.Values
	watch      bool
	namespaced bool // whether objects of the resource live in namespaces; known once discovery was asked
	forms      forms
}

// verb is the request's verb as RBAC names it.
func (r read) verb() string {
	switch {
	case r.name != "":
		return "get"
	case r.watch:
		return "watch"
	default:
		return "list"
	}
}

// fits says whether the path is one that the API server has for a resource of this scope.
func (r read) fits() bool {
	if !r.namespaced {
		return r.namespace == "" || r.isNamespace() && r.name == r.namespace
	}
	return r.name == "" || r.namespace != ""
}

// attributes is what authorization is asked about the read.
func (r read) attributes(o listOptions) rbac.Attributes {
	a := rbac.Attributes{
		Verb: r.verb(), Group: r.Group, Version: r.Version, Resource: r.Resource,
		Namespace: r.namespace, Name: r.name, Namespaced: r.namespaced,
	}
	if r.name == "" {
		a.Name = o.name()
		a.FieldSelector, a.LabelSelector = o.requirements()
	}
	return a
}

// segment is what a path may consist of to be read here. It is narrower than what API servers take: whatever else
// they make of a path, they make it of the proxied original.
var segment = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9._:-]*[A-Za-z0-9])?$`)

// parseRead recognises a canonical read. An API server decodes paths, takes the first of repeated parameters and drops
// malformed ones; whatever would need such reading is not ours to answer, and is proxied.
func parseRead(r *http.Request, path object) (read, bool) {
	if r.Method != http.MethodGet || r.ContentLength != 0 || impersonates(r.Header) || wantsTruth(r.Header) {
		return read{}, false
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	want := read{object: path, query: query, watch: path.name == "" && isSet(query, "watch")}
	if err != nil || repeats(query) || path.subresource != "" {
		return read{}, false
	}
	var acceptable bool
	if want.forms, acceptable = formsOf(r.Header.Get("Accept"), wantsPretty(r, query), want); !acceptable {
		return read{}, false
	}
	// Only a watch can be a WebSocket; what else an upgrade may mean is the API server's to say.
	upgrade := r.Header.Get("Upgrade")
	return want, upgrade == "" || want.watch && strings.EqualFold(upgrade, "websocket")
}

// parsePath reads /api/VERSION/... and /apis/GROUP/VERSION/....
func parsePath(escaped string) (object, bool) {
	segments := strings.Split(strings.TrimPrefix(escaped, "/"), "/")
	for _, s := range segments {
		if !segment.MatchString(s) {
			return object{}, false
		}
	}
	return parseSegments(segments)
}

// parseSegments reads a path's segments.
func parseSegments(segments []string) (object, bool) {
	var o object
	switch {
	case len(segments) > 2 && segments[0] == "api":
		o.Version, segments = segments[1], segments[2:]
	case len(segments) > 3 && segments[0] == "apis":
		o.Group, o.Version, segments = segments[1], segments[2], segments[3:]
	default:
		return object{}, false
	}
	// The deprecated forms /watch/... and /proxy/... are prefixes, not resources.
	if segments[0] == "watch" || segments[0] == "proxy" {
		return object{}, false
	}
	return o.within(segments)
}

// within reads [namespaces/NAMESPACE/]RESOURCE[/NAME[/SUBRESOURCE...]]. A Namespace object lies in itself
// (RequestInfo of k8s.io/apiserver says so, and RBAC is asked accordingly).
func (o object) within(segments []string) (object, bool) {
	if segments[0] == "namespaces" && len(segments) > 1 {
		o.namespace = segments[1]
		if len(segments) > 2 && segments[2] != "status" && segments[2] != "finalize" {
			segments = segments[2:]
		}
	}
	o.Resource = segments[0]
	if len(segments) > 1 {
		o.name = segments[1]
	}
	if len(segments) > 2 {
		o.subresource = strings.Join(segments[2:], "/")
	}
	return o, true
}

// repeats says whether a parameter is given twice, in whatever case.
func repeats(query url.Values) bool {
	seen := make([]string, 0, len(query))
	for key, values := range query {
		folded := strings.ToLower(key)
		if len(values) > 1 || slices.Contains(seen, folded) {
			return true
		}
		seen = append(seen, folded)
	}
	return false
}

// wantsTruth says whether the client asks for the API server's own word (RFC 9111, section 5.2.1.4).
func wantsTruth(header http.Header) bool {
	for _, value := range header.Values("Cache-Control") {
		for directive := range strings.SplitSeq(value, ",") {
			if strings.EqualFold(strings.TrimSpace(directive), "no-cache") {
				return true
			}
		}
	}
	return false
}

// impersonates says whether a request asks to act as somebody else, which only the cluster can judge.
func impersonates(header http.Header) bool {
	for name := range header {
		folded := strings.ReplaceAll(strings.ToLower(name), "_", "-")
		if strings.HasPrefix(folded, "impersonate-") {
			return true
		}
	}
	return false
}
