package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

const asTable = ";as=Table;v=v1;g=meta.k8s.io"

// acceptTable is kubectl's.
const acceptTable = "Accept: application/json" + asTable + ",application/json" + asTable + "beta1,application/json"

// turns is how often an answer is asked for again because an age may have turned between one server and the other.
const turns = 8

// sameTable lists both ways, at one version and in one second, and returns k8cache's answer.
func (p pair) sameTable(t *testing.T, who *testenv.Identity, path string, lines ...string) *env.Answer {
	t.Helper()
	var got *env.Answer
	var err error
	for range turns {
		got = cached(t, p.server, get(who, path, lines...))
		want := direct(t, p.cluster, get(who, at(path, tableVersion(t, got)), lines...))
		if err = validate.SameBytes(unsealed(unpacked(t, want)), unsealed(unpacked(t, got))); err == nil && want.Code == got.Code {
			check(t, path, validate.SameHeaders(want.Header, got.Header))
			return got
		}
	}
	t.Errorf("GET %s: code %d: %v", path, got.Code, err)
	return got
}

// tableOf is the part of a table that tests look at.
type tableOf struct {
	Metadata struct {
		ResourceVersion, Continue string
		RemainingItemCount        *int
	}
	ColumnDefinitions []struct{ Name, Type string }
	Rows              []struct {
		Cells  []any
		Object *struct {
			Kind     string
			Metadata struct{ Name, Namespace string }
		}
	}
}

func readTable(t *testing.T, answer *env.Answer) tableOf {
	t.Helper()
	var table tableOf
	if err := json.Unmarshal(unpacked(t, answer), &table); err != nil || answer.Code != http.StatusOK {
		t.Fatalf("no table: code %d, %v: %.300s", answer.Code, err, answer.Body)
	}
	return table
}

func tableVersion(t *testing.T, answer *env.Answer) string {
	t.Helper()
	return readTable(t, answer).Metadata.ResourceVersion
}

// TestTablesOfAllKindsAreTheAPIServersByteForByte prints every resource that the cluster has, in every served version.
// Where a cell runs with time and nobody said so, it would be stale: each kind is asked for again at the end, when all
// that is young has aged.
func TestTablesOfAllKindsAreTheAPIServersByteForByte(t *testing.T) {
	p := eastPair()
	namespace := aging(t, p.cluster)
	oneOfEach(t, p.cluster, namespace)
	paths := collections(t, p.cluster)
	full := 0
	for i, include := range []string{"", "?includeObject=None", "?includeObject=Object", "?includeObject=Metadata"} {
		if i == 3 {
			turned(t, p, namespace)
		}
		for _, path := range paths {
			answer := p.sameTable(t, p.cluster.Admin, path+include, acceptTable)
			if strings.HasSuffix(path, "/v1/secrets") || strings.HasSuffix(path, "/flowschemas") {
				check(t, path, validate.FromServer(answer.Header)) // never cached, or sorted
				continue
			}
			check(t, path, validate.FromMemory(answer.Header))
			if len(readTable(t, answer).Rows) > 0 {
				full++
			}
		}
	}
	if full < 4*60 { // or this would compare empty tables
		t.Errorf("%d tables with rows", full)
	}
}

// turned waits until what is young has aged.
func turned(t *testing.T, p pair, namespace string) {
	t.Helper()
	pods := get(p.cluster.Admin, "/api/v1/namespaces/"+namespace+"/pods?includeObject=None", acceptTable)
	before := string(direct(t, p.cluster, pods).Body)
	eventually(t, "an age that turns", func() error {
		if string(direct(t, p.cluster, pods).Body) == before {
			return errors.New("the same")
		}
		return nil
	})
}

// TestTablesInAllForms asks for lists and single objects, selected, in pages, pretty, in YAML and in the older version.
func TestTablesInAllForms(t *testing.T) {
	p := eastPair()
	ns := "/namespaces/" + p.cluster.Namespace("a-b")
	custom := "/apis/e2e.k8cache.dev/v1" + ns + "/widgets"
	for _, accept := range []string{
		acceptTable, "Accept: application/json" + asTable, "Accept: application/json" + asTable + "beta1", "Accept: application/yaml" + asTable,
		"Accept: application/json;pretty=1" + asTable, "Accept: */*" + asTable,
	} {
		for _, path := range []string{
			"/api/v1" + ns + "/pods", "/api/v1" + ns + "/pods?limit=3", "/api/v1" + ns + "/pods?labelSelector=app%3Dweb",
			"/api/v1/pods?fieldSelector=metadata.name%3Dweb-001", "/api/v1/namespaces/absent/pods", "/api/v1/namespaces/absent/limitranges",
			custom, custom + "?limit=1&includeObject=Object", custom + "?includeObject=None", "/apis/e2e.k8cache.dev/v1/namespaces/absent/widgets",
			"/apis/e2e.k8cache.dev/v1beta1/gadgets?includeObject=Object",
		} {
			p.sameTurn(t, get(p.cluster.Admin, path, accept))
		}
		for _, path := range []string{
			"/api/v1" + ns + "/pods/web-000", "/api/v1" + ns + "/pods/web-000?includeObject=None", "/api/v1" + ns + "/pods/web-000?includeObject=Object",
			"/api/v1" + ns + "/pods/absent", custom + "/widget", custom + "/widget?includeObject=Object", custom + "/absent", "/api/v1/nodes/node-1",
			custom + "?includeObject=Nonsense", "/api/v1" + ns + "/pods/web-000?includeObject=Nonsense",
		} {
			p.sameTurn(t, get(p.cluster.Admin, path, accept))
		}
	}
}

// sameTurn puts a request both ways until no age has turned between.
func (p pair) sameTurn(t *testing.T, request env.Request) {
	t.Helper()
	var err error
	var want, got *env.Answer
	for range turns {
		got = cached(t, p.server, request)
		want = direct(t, p.cluster, request)
		err = validate.SameBytes(neutralTable(unpacked(t, want)), neutralTable(unpacked(t, got)))
		if err == nil && want.Code == got.Code {
			check(t, request.Path, validate.SameHeaders(want.Header, got.Header))
			return
		}
	}
	t.Errorf("GET %s %s: code %d, want %d: %v", request.Path, request.Header, got.Code, want.Code, err)
}

// neutralTable is a table without its own version and token, of which each server has its own.
func neutralTable(body []byte) []byte {
	text := unsealed(body)
	head, rows, _ := strings.Cut(string(text), "rows")
	return []byte(listVersion.ReplaceAllString(head, "") + "rows" + rows)
}

// listVersion is where a table's own version stands, in each notation.
var listVersion = regexp.MustCompile(`"?resourceVersion"?: ?"[0-9]+"`)

// TestTablesCompressed unpacks what is large enough.
func TestTablesCompressed(t *testing.T) {
	p := eastPair()
	for _, query := range []string{"", "?pretty=1", "?includeObject=Object"} {
		if got := p.sameTable(t, p.cluster.Admin, manyPods+query, acceptTable, "Accept-Encoding: gzip"); got.Header.Get("Content-Encoding") != "gzip" {
			t.Errorf("%s: not compressed", query)
		}
	}
}

// TestTablesRunWithTime holds two answers of one state against the clock: no write comes in between.
func TestTablesRunWithTime(t *testing.T) {
	p := eastPair()
	namespace := aging(t, p.cluster)
	path := "/api/v1/namespaces/" + namespace + "/pods"
	first := p.sameTable(t, p.cluster.Admin, path, acceptTable)
	tag := first.Header.Get("ETag")
	eventually(t, "an age that turns", func() error {
		again := cached(t, p.server, get(p.cluster.Admin, path, acceptTable, "If-None-Match: "+tag))
		if again.Code == http.StatusNotModified {
			return errors.New("unchanged")
		}
		return nil
	})
	later := p.sameTable(t, p.cluster.Admin, path, acceptTable)
	if string(later.Body) == string(first.Body) || later.Header.Get("ETag") == tag {
		t.Error("an age has turned, and the table has not")
	}
}

// TestTableOfAPart has the rows of the caller's namespaces, and the columns.
func TestTableOfAPart(t *testing.T) {
	p := eastPair()
	who := readerOfThree(t, p)
	seen := map[string]bool{}
	for _, item := range list(t, cached(t, p.server, get(who, "/api/v1/pods"))).Items {
		seen[item.Key()] = true
	}
	var err error
	for range turns {
		got := readTable(t, cached(t, p.server, get(who, "/api/v1/pods", acceptTable)))
		want := readTable(t, direct(t, p.cluster, get(p.cluster.Admin, at("/api/v1/pods", got.Metadata.ResourceVersion), acceptTable)))
		rows := want.Rows[:0]
		for _, row := range want.Rows {
			if seen[row.Object.Metadata.Namespace+"/"+row.Object.Metadata.Name] {
				rows = append(rows, row)
			}
		}
		want.Rows = rows
		if err = sameJSON(want, got); err == nil && len(rows) > 0 && len(rows) == len(seen) {
			return
		}
	}
	t.Errorf("%d pods are listed: %v", len(seen), err)
}

func sameJSON(want, got any) error {
	w, err := json.Marshal(want)
	if err != nil {
		return err
	}
	g, err := json.Marshal(got)
	if err != nil {
		return err
	}
	return validate.SameBytes(w, g)
}

// TestTablePagesStayOnOneVersion reads a table in pages while it changes.
func TestTablePagesStayOnOneVersion(t *testing.T) {
	p := eastPair()
	namespace := namespace(t, p.cluster)
	for i := range 7 {
		configMap(t, p.cluster, namespace, fmt.Sprintf("cm-%d", i), "x")
	}
	whole := "/api/v1/namespaces/" + namespace + "/configmaps"
	eventually(t, "the last", func() error {
		if answer := cached(t, p.server, get(p.cluster.Admin, whole, acceptTable)); !strings.Contains(string(answer.Body), `"cm-6"`) {
			return fmt.Errorf("got %s", answer.Body)
		}
		return nil
	})
	path := whole + "?limit=3"
	var names []string
	eventually(t, "seven rows", func() error {
		first := readTable(t, cached(t, p.server, get(p.cluster.Admin, path, acceptTable)))
		if first.Metadata.RemainingItemCount == nil || *first.Metadata.RemainingItemCount < 4 {
			return fmt.Errorf("remaining: %v", first.Metadata.RemainingItemCount)
		}
		names = nil
		for page := first; ; {
			for _, row := range page.Rows {
				names = append(names, fmt.Sprint(row.Cells[0]))
			}
			if page.Metadata.Continue == "" {
				return nil
			}
			configMap(t, p.cluster, namespace, unique("cm-0"), "later")
			page = readTable(t, cached(t, p.server, get(p.cluster.Admin, path+"&continue="+page.Metadata.Continue, acceptTable)))
			if page.Metadata.ResourceVersion != first.Metadata.ResourceVersion {
				t.Errorf("a page of version %s after one of %s", page.Metadata.ResourceVersion, first.Metadata.ResourceVersion)
			}
		}
	})
	if got := strings.Join(names, " "); !strings.HasPrefix(got, "cm-0 cm-1 cm-2 cm-3 cm-4 cm-5 cm-6") {
		t.Errorf("rows %s", got)
	}
}

// TestTableHasOwnWrites at once: each write through k8cache is in the next table.
func TestTableHasOwnWrites(t *testing.T) {
	p := eastPair()
	namespace := namespace(t, p.cluster)
	path := "/api/v1/namespaces/" + namespace + "/configmaps"
	readTable(t, cached(t, p.server, get(p.cluster.Admin, path, acceptTable)))
	names := func() map[string]string {
		rows := map[string]string{}
		for _, row := range readTable(t, cached(t, p.server, get(p.cluster.Admin, path, acceptTable))).Rows {
			rows[fmt.Sprint(row.Cells[0])] = fmt.Sprint(row.Cells[1])
		}
		return rows
	}
	for i := range 20 {
		name := fmt.Sprintf("cm-%d", i)
		cached(t, p.server, ask(http.MethodPost, p.cluster.Admin, path, `{"metadata":{"name":"`+name+`"},"data":{"a":"1"}}`))
		if got := names()[name]; got != "1" {
			t.Errorf("%s was made, and shows %q", name, got)
		}
		cached(t, p.server, ask(http.MethodPatch, p.cluster.Admin, path+"/"+name, `{"data":{"b":"2"}}`, "Content-Type: application/merge-patch+json"))
		if got := names()[name]; got != "2" {
			t.Errorf("%s was changed, and shows %q", name, got)
		}
		cached(t, p.server, ask(http.MethodDelete, p.cluster.Admin, path+"/"+name, ""))
		if got, ok := names()[name]; ok {
			t.Errorf("%s was deleted, and shows %q", name, got)
		}
	}
}
