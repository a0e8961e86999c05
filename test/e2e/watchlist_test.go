package e2e

import (
	"slices"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/test/e2e/validate"
)

// TestWatchListsAreCompressedAsTheAPIServerDoes, and no other watches.
func TestWatchListsAreCompressedAsTheAPIServerDoes(t *testing.T) {
	p := eastPair()
	namespace := namespace(t, p.cluster)
	configMap(t, p.cluster, namespace, "first", strings.Repeat("x", 20<<10))
	path := "/api/v1/namespaces/" + namespace + "/configmaps?watch=1"
	from := versionOf(t, direct(t, p.cluster, get(p.cluster.Admin, "/api/v1/namespaces/"+namespace+"/configmaps")).Body)
	configMap(t, p.cluster, namespace, "second", "x")
	var wants, gots []*stream
	queries := []string{
		"&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true", "&allowWatchBookmarks=true",
		"&sendInitialEvents=true&resourceVersionMatch=NotOlderThan", "&resourceVersion=" + from, "&resourceVersion=" + from + "&allowWatchBookmarks=true",
	}
	for _, query := range queries {
		want, got := p.watch(t, path+query, "Accept-Encoding: gzip")
		wants, gots = append(wants, want), append(gots, got)
	}
	for _, name := range []string{"third", "last"} {
		configMap(t, p.cluster, namespace, name, strings.Repeat("y", 20<<10))
	}
	for i, query := range queries {
		check(t, query, validate.SameHeaders(wants[i].response.Header, gots[i].response.Header))
		check(t, query, sameLines(withoutBookmarks(wants[i].until(t, `"name":"last"`)), withoutBookmarks(gots[i].until(t, `"name":"last"`))))
	}
	if gots[0].response.Header.Get("Content-Encoding") != "gzip" {
		t.Error("a watch list is not compressed")
	}
}

// withoutBookmarks leaves out what tells of no object: which version a bookmark has is a matter of time.
func withoutBookmarks(events []string) []string {
	return slices.DeleteFunc(events, func(line string) bool { return strings.HasPrefix(line, `{"type":"BOOKMARK"`) })
}
