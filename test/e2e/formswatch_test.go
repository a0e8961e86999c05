package e2e

import (
	"regexp"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/test/e2e/validate"
)

// TestFormsOfWatches compares watches of metadata alone, of built-in and of custom resources, with their bookmarks.
func TestFormsOfWatches(t *testing.T) {
	p := eastPair()
	namespace := namespace(t, p.cluster)
	configMap(t, p.cluster, namespace, "before", "x")
	widget(t, p.cluster, namespace, "before")
	for _, path := range []string{"/api/v1/namespaces/" + namespace + "/configmaps", "/apis/e2e.k8cache.dev/v1/namespaces/" + namespace + "/widgets"} {
		for _, version := range []string{"", "beta1"} {
			for _, query := range []string{
				"?watch=1", "?watch=1&allowWatchBookmarks=true",
				"?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true",
			} {
				what := path + query + version
				p.caughtUp(t, path)
				line := "Accept: application/json" + oneMetadata + version
				want, got := p.watch(t, path+query, line)
				check(t, what, validate.SameHeaders(want.response.Header, got.response.Header))
				check(t, what, validate.FromMemory(got.response.Header))
				name := unique("after")
				configMap(t, p.cluster, namespace, name, "x")
				widget(t, p.cluster, namespace, name)
				end := `"name":"` + name + `"`
				check(t, what, sameLines(unversioned(want.until(t, end)), unversioned(got.until(t, end))))
			}
		}
	}
}

// caughtUp waits until k8cache has what the API server has of a collection.
func (p pair) caughtUp(t *testing.T, path string) {
	t.Helper()
	want := list(t, direct(t, p.cluster, get(p.cluster.Admin, path)))
	eventually(t, path, func() error {
		got, err := listOf(cached(t, p.server, get(p.cluster.Admin, path)))
		if err != nil {
			return err
		}
		return validate.Union(got, want)
	})
}

// unversioned are events whose bookmarks have no version: each server is where it is.
func unversioned(lines []string) []string {
	for i, line := range lines {
		if strings.HasPrefix(line, `{"type":"BOOKMARK"`) {
			lines[i] = version.ReplaceAllString(line, "")
		}
	}
	return lines
}

var version = regexp.MustCompile(`"resourceVersion":"[0-9]+"`)

// TestFormsThatWatchesHaveNot are refused in the API server's words.
func TestFormsThatWatchesHaveNot(t *testing.T) {
	p := eastPair()
	path := "/api/v1/namespaces/" + p.cluster.Namespace("a-b") + "/configmaps?watch=1&timeoutSeconds=1"
	for _, accept := range []string{"application/yaml", "application/yaml,application/json", "text/html", "application/yaml;stream=watch", "application/json" + listMetadata} {
		p.same(t, get(p.cluster.Admin, path, "Accept: "+accept))
	}
}

// TestFormsOfWatchesOfAPart has the metadata of a caller's namespaces, and of no others.
func TestFormsOfWatchesOfAPart(t *testing.T) {
	p := eastPair()
	who := readerOfThree(t, p)
	query := "/api/v1/pods?watch=1&allowWatchBookmarks=true"
	protobufFirst := "Accept: application/vnd.kubernetes.protobuf" + oneMetadata + ",application/json" + oneMetadata
	events := watch(t, p.server, who, query, protobufFirst).until(t, `"k8s.io/initial-events-end":"true"`)
	var want []string
	for _, name := range []string{"a-b", "a", "n07"} { // in the order of keys
		initial := watch(t, p.cluster.Server, who, strings.Replace(query, "pods", "namespaces/"+p.cluster.Namespace(name)+"/pods", 1), "Accept: application/json"+oneMetadata)
		lines := initial.until(t, `"k8s.io/initial-events-end":"true"`)
		want = append(want, lines[:len(lines)-1]...)
	}
	check(t, query, sameLines(want, events[:len(events)-1]))
}
