package informers

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tidwall/gjson"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/duration"

	"github.com/k8cache/k8cache/internal/serialize"
)

// now is when the rows below were printed.
var now = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

const (
	created  = `"creationTimestamp":"2026-01-01T11:50:00Z"` // 10m
	podTable = `[{"name":"Name","type":"string"},{"name":"Restarts","type":"string"},{"name":"Age","type":"string"}]`
)

func TestAgesOfCells(t *testing.T) {
	for name, test := range map[string]struct {
		resource, column, object string
		cell                     string
		since                    string // empty: the cell does not run
	}{
		"age":                  {"nodes", "Age", `{}`, `10m`, "11:50:00"},
		"age unknown":          {"nodes", "Age", `{"metadata":{}}`, `\u003cunknown\u003e`, ""},
		"age in the future":    {"nodes", "Age", `{"metadata":{"creationTimestamp":"2026-01-01T12:00:05Z"}}`, `\u003cinvalid\u003e`, "12:00:05"},
		"no restarts":          {"pods", "Restarts", `{}`, `0`, ""},
		"restarts, no time":    {"pods", "Restarts", `{}`, `3`, ""},
		"restarts":             {"pods", "Restarts", `{"status":{"containerStatuses":[` + ended("11:55:00") + `,` + ended("11:56:00") + `]}}`, `3 (4m ago)`, "11:56:00"},
		"job not started":      {"jobs.batch", "Duration", `{}`, ``, ""},
		"job running":          {"jobs.batch", "Duration", `{"status":{"startTime":"2026-01-01T11:59:00Z"}}`, `60s`, "11:59:00"},
		"job done":             {"jobs.batch", "Duration", `{"status":{"startTime":"2026-01-01T11:00:00Z","completionTime":"2026-01-01T11:01:00Z"}}`, `60s`, ""},
		"schedule":             {"cronjobs.batch", "Last Schedule", `{"status":{"lastScheduleTime":"2026-01-01T09:00:00Z"}}`, `3h`, "09:00:00"},
		"never scheduled":      {"cronjobs.batch", "Last Schedule", `{}`, `\u003cnone\u003e`, ""},
		"event, last":          {"events", "Last Seen", `{"firstTimestamp":"2026-01-01T10:00:00Z","lastTimestamp":"2026-01-01T11:00:00Z"}`, `60m`, "11:00:00"},
		"event, first":         {"events", "First Seen", `{"firstTimestamp":"2026-01-01T10:00:00Z","lastTimestamp":null}`, `120m`, "10:00:00"},
		"event, once":          {"events", "Last Seen", `{"eventTime":"2026-01-01T11:00:00.500000Z"}`, `59m`, "11:00:00"},
		"event, series":        {"events", "Last Seen", `{"lastTimestamp":"2026-01-01T09:00:00Z","series":{"count":2,"lastObservedTime":"2026-01-01T11:00:00.000000Z"}}`, `60m`, "11:00:00"},
		"event, other group":   {"events.events.k8s.io", "Last Seen", `{"deprecatedLastTimestamp":"2026-01-01T11:00:00Z"}`, `60m`, "11:00:00"},
		"event message":        {"events", "Message", `{}`, `5m`, ""},
		"taint":                {"devicetaintrules.resource.k8s.io", "TimeAdded", `{"spec":{"taint":{"timeAdded":"2026-01-01T11:00:00Z"}}}`, `60m`, "11:00:00"},
		"a new column":         {"nodes", "New", `{}`, `as it is`, ""},
		"a new column, a date": {"nodes", "New", `{}`, `2026-01-01T11:00:00Z`, ""},
		"a new kind":           {"things.new.k8s.io", "Age", `{}`, `10m`, "11:50:00"},
	} {
		object := strings.Replace(test.object, `{}`, `{"metadata":{`+created+`}}`, 1)
		c := column{since: runsSince(schema.ParseGroupResource(test.resource), test.column), examined: isExamined(schema.ParseGroupResource(test.resource), test.column)}
		cells := gjson.Parse(`["` + test.cell + `"]`)
		age, err := c.age(cells.Array()[0], gjson.Parse(object), now)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if age.To == 0 {
			if test.since != "" {
				t.Errorf("%s: does not run", name)
			}
			continue
		}
		since := time.Unix(0, age.Since).UTC()
		if got := since.Format(time.TimeOnly); got != test.since {
			t.Errorf("%s: runs since %q, want %q", name, got, test.since)
		}
		if text, want := cells.Raw[age.From:age.To], duration.HumanDuration(now.Sub(since)); text != strings.NewReplacer("<", `\u003c`, ">", `\u003e`).Replace(want) {
			t.Errorf("%s: %q runs, which reads %q", name, text, want)
		}
	}
}

// What is not understood, or not as it should be, keeps a kind's tables out of memory.
func TestCellsThatCannotBeKept(t *testing.T) {
	for name, test := range map[string]struct{ resource, column, cell string }{
		"a new column":           {"pods", "Uptime", "5m"},
		"in words":               {"evictions.lifecycle.k8s.io", "Responder Status", "Started (5m ago)"},
		"of the future":          {"evictions.lifecycle.k8s.io", "Responder Expected Finish", "in 5m"},
		"with ago":               {"evictions.lifecycle.k8s.io", "Responder Heartbeat", "3d4h ago"},
		"since when it is not":   {"nodes", "Age", "5d"},
		"by a clock of its own":  {"nodes", "Age", "12m"},
		"a new kind":             {"things.new.k8s.io", "Seen", "100d"},
		"a kind with known name": {"nodes.metrics.example.k8s.io", "Seen", "100d"},
	} {
		gr := schema.ParseGroupResource(test.resource)
		c := column{name: test.column, since: runsSince(gr, test.column), examined: isExamined(gr, test.column)}
		cells := gjson.Parse(`["` + test.cell + `"]`)
		if _, err := c.age(cells.Array()[0], gjson.Parse(`{"metadata":{`+created+`}}`), now); !errors.Is(err, errUnfit) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// printPod counts restarts of init containers only while they run, and for ever of those that stay.
func TestLastRestart(t *testing.T) {
	init := func(statuses string, more string) string {
		return `{"spec":{"initContainers":[{"name":"setup"},{"name":"proxy","restartPolicy":"Always"}]},"status":{"initContainerStatuses":[` +
			statuses + `],"containerStatuses":[` + ended("11:30:00") + `]` + more + `}}`
	}
	done := `{"name":"setup","state":{"terminated":{"exitCode":0}},"lastState":{"terminated":{"finishedAt":"2026-01-01T11:40:00Z"}}}`
	failed := `{"name":"setup","state":{"terminated":{"exitCode":1}},"lastState":{"terminated":{"finishedAt":"2026-01-01T11:40:00Z"}}}`
	proxy := `{"name":"proxy","started":true,"state":{"running":{}},"lastState":{"terminated":{"finishedAt":"2026-01-01T11:35:00Z"}}}`
	for name, test := range map[string]struct{ pod, want string }{
		"init containers done":                   {init(done, ""), "11:30:00"},
		"one stays":                              {init(done+","+proxy, ""), "11:35:00"},
		"initializing":                           {init(failed+","+proxy, ""), "11:40:00"},
		"initializing anew":                      {init(failed+","+proxy, `,"conditions":[{"type":"Initialized","status":"True"}]`), "11:30:00"},
		"waiting for the one that stays":         {init(done+","+strings.Replace(proxy, "true", "false", 1), ""), "11:40:00"},
		"nothing has ended":                      {`{"status":{"containerStatuses":[{}]}}`, "00:00:00"},
		"no status":                              {`{}`, "00:00:00"},
		"a container that ended as another name": {`{"status":{"containerStatuses":[` + ended("11:31:00") + `]}}`, "11:31:00"},
	} {
		if got := lastRestart(gjson.Parse(test.pod)).Format(time.TimeOnly); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func ended(at string) string {
	return `{"name":"web","lastState":{"terminated":{"finishedAt":"2026-01-01T` + at + `Z"}}}`
}

func TestPrinterReadsARow(t *testing.T) {
	p, err := newPrinter(pods(), schema.GroupResource{Resource: "pods"}, gjson.Parse(podTable), nil)
	if err != nil {
		t.Fatal(err)
	}
	row := `{"cells":["web","0","10m"],"conditions":[{"type":"Completed"}],"object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"web","namespace":"a","resourceVersion":"7",` + created + `}}}`
	got, err := p.read(row, now)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"k8cache.dev/row":{"ages":[63,21,24,1767268200000000000],"row":{"cells":["web","0","10m"],"conditions":[{"type":"Completed"}]}},"metadata":{"name":"web","namespace":"a","resourceVersion":"7",` + created + `}}`
	if string(got.Bytes()) != want || got.Key() != "a/web" || got.ResourceVersion() != 7 {
		t.Errorf("got %s\nwant %s", got.Bytes(), want)
	}
	for name, broken := range map[string]string{
		"no object":    `{"cells":["web","0","10m"]}`,
		"null":         `{"cells":["web","0","10m"],"object":null}`,
		"another kind": strings.Replace(row, `"Pod"`, `"Secret"`, 1),
		"nonsense":     `[]`,
	} {
		if _, err := p.read(broken, now); !errors.Is(err, serialize.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCustomColumns(t *testing.T) {
	definition, err := serialize.Parse([]byte(`{"metadata":{"name":"widgets.example.com","resourceVersion":"1"},"spec":{"versions":[{"name":"v1beta1"},{"name":"v1","additionalPrinterColumns":[
		{"name":"Size","type":"integer","jsonPath":".spec.size"},
		{"name":"Ready","type":"date","jsonPath":".status.conditions[?(@.type==\"Ready\")].lastTransitionTime"},
		{"name":"Since","type":"date","jsonPath":".spec.since"},
		{"name":"Text","type":"string","jsonPath":".spec.since"}]}]}}`))
	if err != nil {
		t.Fatal(err)
	}
	defined := `[{"name":"Name","type":"string"},{"name":"Size","type":"integer"},{"name":"Ready","type":"date"},{"name":"Since","type":"date"},{"name":"Text","type":"string"}]`
	kind := serialize.Kind{APIVersion: "example.com/v1", Kind: "Widget", ListKind: "WidgetList", Custom: true}
	read := func(version, defined, row string) (serialize.Object, error) {
		p, err := newPrinter(kind, schema.GroupResource{Group: "example.com", Resource: "widgets"}, gjson.Parse(defined), declared(definition, version))
		if err != nil {
			return serialize.Object{}, err
		}
		return p.read(row, now)
	}
	object := `"object":{"apiVersion":"example.com/v1","kind":"Widget","metadata":{` + created + `,"name":"5m","resourceVersion":"7"},` +
		`"spec":{"since":"2026-01-01T11:00:00Z"},"status":{"conditions":[{"type":"Other","lastTransitionTime":"2026-01-01T08:00:00Z"},{"type":"Ready","lastTransitionTime":"2026-01-01T09:00:00Z"}]}}}`
	got, err := read("v1", defined, `{"cells":["5m",3,"3h","60m","5m"],`+object)
	if err != nil || !strings.Contains(string(got.Bytes()), `"ages":[34,18,20,1767258000000000000,23,26,1767265200000000000]`) {
		t.Errorf("%s, %v", got.Bytes(), err)
	}
	got, err = read("v1", defined, `{"cells":["5m",null,null,"\u003cinvalid\u003e","x"],`+strings.Replace(object, `"since":"2026`, `"since":"never`, 1))
	if err != nil || !strings.Contains(string(got.Bytes()), `"ages":[52]`) {
		t.Errorf("%s, %v", got.Bytes(), err)
	}
	got, err = read("v1beta1", `[{"name":"Name","type":"string"},{"name":"Age","type":"date"}]`, `{"cells":["5m","10m"],`+object)
	if err != nil || !strings.Contains(string(got.Bytes()), `"ages":[22,16,19,1767268200000000000]`) {
		t.Errorf("%s, %v", got.Bytes(), err)
	}
	if _, err = read("v1", strings.Replace(defined, `"Size"`, `"Width"`, 1), ""); !errors.Is(err, errOutdated) {
		t.Errorf("columns other than declared: %v", err)
	}
	if _, err = newPrinter(kind, schema.GroupResource{}, gjson.Parse(defined), nil); !errors.Is(err, errUnfit) {
		t.Errorf("columns of which nothing is known: %v", err)
	}
}
