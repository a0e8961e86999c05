package serialize

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/yaml"
)

// columns are described in words that stand for items elsewhere.
const columns = `[{"name":"Ready","description":".status.conditions[0] or\n- 0\n    0\n  ]"}]`

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// tableOf is a table of some pods, in parts of three.
func tableOf(t *testing.T, count int, table Table, text Text) List {
	t.Helper()
	kind := Kind{APIVersion: "v1", Kind: "Pod", ListKind: "PodList"}
	var objects []Object
	for i := range count {
		o, err := kind.Parse(fmt.Appendf(nil, `{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p%03d","resourceVersion":"%d"},"spec":{"a":"<"}}`, i, i+1))
		if err != nil {
			t.Fatal(err)
		}
		row := fmt.Appendf(nil, `{"cells":["p%03d","0s"]}`, i)
		objects = append(objects, o.WithRow(Row{JSON: row, Ages: []Age{{From: 18, To: 20, Since: noon.Add(-time.Duration(i) * time.Minute).UnixNano()}}}))
	}
	var parts []Part
	for some := range slices.Chunk(objects, 3) {
		parts = append(parts, Items(some))
	}
	table.Columns, table.NoRows = columns, "null"
	return List{ResourceVersion: "9", Parts: slices.Values(parts)}.As(kind.Table("v1", table), text)
}

func written(t *testing.T, l List) string {
	t.Helper()
	if err := l.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	var plain, packed bytes.Buffer
	if n, err := l.WriteTo(&plain); err != nil || n != l.Size() {
		t.Errorf("wrote %d of %d: %v", n, l.Size(), err)
	}
	if n, err := l.WriteGzipTo(&packed); err != nil || n != l.GzipSize() {
		t.Errorf("wrote %d of %d, packed: %v", n, l.GzipSize(), err)
	}
	unpacked, err := gzip.NewReader(&packed)
	if err != nil {
		t.Fatal(err)
	}
	again, err := io.ReadAll(unpacked)
	if err != nil || !bytes.Equal(again, plain.Bytes()) {
		t.Errorf("packed and unpacked: %v\n%s\n%s", err, again, plain.Bytes())
	}
	return plain.String()
}

func TestTableAsAPIServersWriteIt(t *testing.T) {
	const head = `{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"9"},"columnDefinitions":` + columns + `,"rows":`
	for name, test := range map[string]struct {
		rows    int
		include Include
		want    string
	}{
		"nothing":  {0, IncludeMetadata, `null}`},
		"none":     {2, IncludeNone, `[{"cells":["p000","5m"],"object":null},{"cells":["p001","6m"],"object":null}]}`},
		"metadata": {1, IncludeMetadata, `[{"cells":["p000","5m"],"object":{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"p000","resourceVersion":"1"}}}]}`},
		"object":   {1, IncludeObject, `[{"cells":["p000","5m"],"object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p000","resourceVersion":"1"},"spec":{"a":"<"}}}]}`},
	} {
		list := tableOf(t, test.rows, Table{Include: test.include, At: noon.Add(5 * time.Minute)}, JSON)
		if diff := cmp.Diff(head+test.want+"\n", written(t, list)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// Other notations are those of the whole, however it is put together.
func TestTableInOtherNotations(t *testing.T) {
	for _, rows := range []int{0, 1, 3, 8} {
		table := Table{Include: IncludeMetadata, At: noon}
		plain := []byte(written(t, tableOf(t, rows, table, JSON)))
		var pretty bytes.Buffer
		if err := json.Indent(&pretty, bytes.TrimSpace(plain), "", "  "); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(pretty.String(), written(t, tableOf(t, rows, table, Indented))); diff != "" {
			t.Errorf("%d rows, indented: %s", rows, diff)
		}
		inYAML, err := yaml.JSONToYAML(plain)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(inYAML), written(t, tableOf(t, rows, table, YAML))); diff != "" {
			t.Errorf("%d rows, YAML: %s", rows, diff)
		}
	}
}

// What a table is told apart by changes with what it says, and not before.
func TestSumOfATable(t *testing.T) {
	sum := func(at time.Duration) uint64 {
		list := tableOf(t, 8, Table{Include: IncludeNone, At: noon.Add(at)}, JSON)
		written(t, list)
		return list.Sum()
	}
	if sum(3*time.Hour) != sum(3*time.Hour+time.Second) {
		t.Error("no age has turned")
	}
	if sum(3*time.Hour) == sum(3*time.Hour+time.Minute) {
		t.Error("an age has turned")
	}
}

// A large table is made of parts that are packed as they are made.
func TestTableThatIsPacked(t *testing.T) {
	table := Table{Include: IncludeObject, At: noon}
	want, list := written(t, tableOf(t, 20, table, JSON)), tableOf(t, 20, table, JSON)
	for part := range list.parts() {
		part.(*rows).packed = true
	}
	if diff := cmp.Diff(want, written(t, list)); diff != "" {
		t.Error(diff)
	}
}
