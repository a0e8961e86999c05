package e2e

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/test/e2e/validate"
)

// TestTableWatches compares watches of tables, of built-in and of custom resources, with their bookmarks.
func TestTableWatches(t *testing.T) {
	p := eastPair()
	namespace := namespace(t, p.cluster)
	configMap(t, p.cluster, namespace, "before", "x")
	widget(t, p.cluster, namespace, "before")
	for _, path := range []string{"/api/v1/namespaces/" + namespace + "/configmaps", "/apis/e2e.k8cache.dev/v1/namespaces/" + namespace + "/widgets"} {
		for _, include := range []string{"", "&includeObject=None", "&includeObject=Object"} {
			for _, query := range []string{
				"?watch=1", "?watch=1&allowWatchBookmarks=true", "?watch=1&allowWatchBookmarks=true&labelSelector=none",
				"?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true",
			} {
				what := path + query + include
				var err error
				for range turns {
					want, got := p.watch(t, path+query+include, acceptTable)
					check(t, what, validate.SameHeaders(want.response.Header, got.response.Header))
					check(t, what, validate.FromMemory(got.response.Header))
					end := `"k8s.io/initial-events-end"`
					if query == "?watch=1" {
						name := unique("after")
						configMap(t, p.cluster, namespace, name, "x")
						widget(t, p.cluster, namespace, name)
						end = `["` + name + `"`
					}
					if err = sameLines(unversioned(want.until(t, end)), unversioned(got.until(t, end))); err == nil {
						break
					}
				}
				check(t, what, err)
			}
		}
	}
}

// TestTableWatchSeesWhatEntersAndLeaves has a row of what was seen last for what leaves.
func TestTableWatchSeesWhatEntersAndLeaves(t *testing.T) {
	p := eastPair()
	namespace := namespace(t, p.cluster)
	path := "/api/v1/namespaces/" + namespace + "/configmaps"
	made := configMap(t, p.cluster, namespace, "one", "x")
	label := func(value string) {
		patch := ask(http.MethodPatch, p.cluster.Admin, path+"/one", `{"metadata":{"labels":{"seen":`+value+`}}}`, "Content-Type: application/merge-patch+json")
		if answer := direct(t, p.cluster, patch); answer.Code != http.StatusOK {
			t.Fatalf("code %d: %s", answer.Code, answer.Body)
		}
	}
	var err error
	for range turns {
		query := path + "?watch=1&labelSelector=seen&resourceVersion=" + made.GetResourceVersion()
		want, got := p.watch(t, query, acceptTable)
		label(`"1"`)
		label(`"2"`)
		label(`null`)
		if err = sameLines(want.until(t, "DELETED"), got.until(t, "DELETED")); err == nil {
			return
		}
	}
	t.Error(err)
}

// printing defines a kind with printer columns.
func printing(group, columns string) string {
	return strings.Replace(definition(group, "things", "Namespaced"), "storage: true,", "storage: true, additionalPrinterColumns: ["+columns+"],", 1)
}

const thingColumns = "{name: Size, type: integer, jsonPath: .spec.size}, {name: Since, type: date, jsonPath: .spec.since, priority: 1}, " +
	"{name: Ready, type: date, jsonPath: '.status.conditions[?(@.type==\"Ready\")].at', description: 'of [0]: <x>'}, {name: Text, type: string, jsonPath: .spec.since}, " +
	"{name: Age, type: date, jsonPath: .metadata.creationTimestamp}"

// TestTableOfCustomColumns prints what a definition declares, and follows it when that changes: rows, columns, and the
// end of watches.
func TestTableOfCustomColumns(t *testing.T) {
	p := eastPair()
	group, namespace := ownGroup(t, p.cluster), namespace(t, p.cluster)
	path := "/apis/" + group + "/v1/namespaces/" + namespace + "/things"
	defined := object(t, p.cluster, printing(group, thingColumns))
	appears(t, p, path)
	for i, spec := range []string{
		"{size: 3, since: '2025-01-01T00:00:00Z'}, status: {conditions: [{type: Other}, {type: Ready, at: '2026-01-01T00:00:00Z'}]}",
		"{since: never}, status: {conditions: []}", "{size: 1.5, since: null}", "{since: '2099-01-01T00:00:00Z'}",
	} {
		object(t, p.cluster, fmt.Sprintf("{apiVersion: %s/v1, kind: Thing, metadata: {name: thing-%d, namespace: %s}, spec: %s}", group, i, namespace, spec))
	}
	eventually(t, "four things", func() error {
		if rows := readTable(t, cached(t, p.server, get(p.cluster.Admin, path, acceptTable))).Rows; len(rows) != 4 {
			return fmt.Errorf("%d rows", len(rows))
		}
		return nil
	})
	for _, include := range []string{"", "?includeObject=None", "?includeObject=Object"} {
		check(t, path, validate.FromMemory(p.sameTable(t, p.cluster.Admin, path+include, acceptTable).Header))
	}
	k := newKubectl(t, p.cluster, p.cluster.Admin)
	k.same(t, "get", "things."+group, "-n", namespace)
	k.same(t, "get", "things."+group, "-n", namespace, "-o", "wide")

	open := watch(t, p.server, p.cluster.Admin, path+"?watch=1&resourceVersion="+defined.GetResourceVersion(), acceptTable)
	patch := `{"spec":{"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}},` +
		`"additionalPrinterColumns":[{"name":"Width","type":"integer","jsonPath":".spec.size"},{"name":"Begun","type":"date","jsonPath":".spec.since"}]}]}}`
	answer := direct(t, p.cluster, ask(http.MethodPatch, p.cluster.Admin, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/things."+group, patch, "Content-Type: application/merge-patch+json"))
	if answer.Code != http.StatusOK {
		t.Fatalf("code %d: %s", answer.Code, answer.Body)
	}
	eventually(t, "the new columns, out of memory", func() error {
		answer := cached(t, p.server, get(p.cluster.Admin, path, acceptTable))
		if answer.Code != http.StatusOK {
			return fmt.Errorf("code %d", answer.Code)
		}
		if table := readTable(t, answer); table.ColumnDefinitions[1].Name != "Width" || len(table.Rows) != 4 || len(table.Rows[0].Cells) != 3 {
			return fmt.Errorf("columns %v, %d rows of %d cells", table.ColumnDefinitions, len(table.Rows), len(table.Rows[0].Cells))
		}
		return validate.FromMemory(answer.Header)
	})
	p.sameTable(t, p.cluster.Admin, path, acceptTable)
	open.ended(t)
}

// TestTableOfAPartOfCustomResources has all columns too.
func TestTableOfAPartOfCustomResources(t *testing.T) {
	p := eastPair()
	group, mine, other := ownGroup(t, p.cluster), namespace(t, p.cluster), namespace(t, p.cluster)
	object(t, p.cluster, printing(group, thingColumns))
	who := user(t, p.cluster)
	grant(t, p.cluster, who, mine, rule("list", "things."+group))
	path := "/apis/" + group + "/v1/things"
	appears(t, p, path)
	for _, namespace := range []string{mine, other} {
		object(t, p.cluster, fmt.Sprintf("{apiVersion: %s/v1, kind: Thing, metadata: {name: of-%s, namespace: %s}, spec: {size: 3}}", group, namespace, namespace))
	}
	eventually(t, "the caller's row", func() error {
		answer := cached(t, p.server, get(who, path, acceptTable))
		if strings.Contains(string(answer.Body), other) {
			t.Errorf("got something of %s: %s", other, answer.Body)
		}
		if answer.Code != http.StatusOK || !strings.Contains(string(answer.Body), `["of-`+mine+`",3,`) {
			return fmt.Errorf("code %d: %s", answer.Code, answer.Body)
		}
		return validate.FromMemory(answer.Header)
	})
}

// ended reads a watch to its end.
func (s *stream) ended(t *testing.T) {
	t.Helper()
	if _, err := io.Copy(io.Discard, s.lines); err != nil {
		t.Errorf("the watch did not end: %v", err)
	}
}
