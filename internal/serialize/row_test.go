package serialize

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const printed = `{"cells":["web-0",1,"3 (5m ago)","5d"],"conditions":[{"type":"Completed"}]}`

// withRow is a pod that was created five days, and last restarted five minutes before noon.
func withRow(t *testing.T, noon time.Time) Object {
	t.Helper()
	object, err := Parse([]byte(`{"kind":"Pod","apiVersion":"v1","metadata":{"name":"web-0","namespace":"a","resourceVersion":"99","managedFields":[{"a":1}]},"spec":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	return object.WithRow(Row{JSON: []byte(printed), Ages: []Age{
		{From: 24, To: 26, Since: noon.Add(-5 * time.Minute).UnixNano()},
		{From: 34, To: 36, Since: noon.Add(-5 * 24 * time.Hour).UnixNano()},
	}})
}

func TestRowReadsAsItIsAtTheTime(t *testing.T) {
	noon := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	row, own := splitRow(withRow(t, noon).Bytes())
	for later, want := range map[time.Duration]string{
		0:                `{"cells":["web-0",1,"3 (5m ago)","5d"],"conditions":[{"type":"Completed"}]}`,
		90 * time.Second: `{"cells":["web-0",1,"3 (6m30s ago)","5d"],"conditions":[{"type":"Completed"}]}`,
		5 * time.Hour:    `{"cells":["web-0",1,"3 (5h5m ago)","5d5h"],"conditions":[{"type":"Completed"}]}`,
		-5 * time.Hour:   `{"cells":["web-0",1,"3 (\u003cinvalid\u003e ago)","4d19h"],"conditions":[{"type":"Completed"}]}`,
	} {
		if diff := cmp.Diff(want, string(row.appendAt(nil, noon.Add(later)))); diff != "" {
			t.Errorf("after %s: %s", later, diff)
		}
	}
	if diff := cmp.Diff(`"metadata":{"name":"web-0","namespace":"a","resourceVersion":"99","managedFields":[{"a":1}]},"spec":{}}`, string(own)); diff != "" {
		t.Error(diff)
	}
}

// What is known of an object by its place in the bytes goes along with its row.
func TestObjectWithRowIsChangedAsOneWithout(t *testing.T) {
	object := withRow(t, time.Now())
	for name, test := range map[string]struct {
		object Object
		want   string
	}{
		"slim":         {object.Slim(), `"metadata":{"name":"web-0","namespace":"a","resourceVersion":"99"},"spec":{}}`},
		"at a version": {object.WithResourceVersion(1000), `"metadata":{"name":"web-0","namespace":"a","resourceVersion":"1000","managedFields":[{"a":1}]},"spec":{}}`},
		"both":         {object.WithResourceVersion(1000).Slim(), `"metadata":{"name":"web-0","namespace":"a","resourceVersion":"1000"},"spec":{}}`},
	} {
		row, own := splitRow(test.object.Bytes())
		if diff := cmp.Diff(test.want, string(own)); diff != "" || string(row.JSON) != printed || len(row.Ages) != 2 {
			t.Errorf("%s: row %s with %d ages, %s", name, row.JSON, len(row.Ages), diff)
		}
	}
}
