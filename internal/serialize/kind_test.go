package serialize_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/k8cache/k8cache/internal/serialize"
)

func TestKindWritesSingleObjectsAndEvents(t *testing.T) {
	tests := map[string]struct {
		kind  serialize.Kind
		raw   string
		event string
	}{
		"a built-in gets its kind and apiVersion back": {
			kind:  serialize.Kind{APIVersion: "apps/v1", Kind: "Deployment", ListKind: "DeploymentList"},
			raw:   `{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"x","namespace":"a","resourceVersion":"7"},"spec":{}}`,
			event: `{"type":"ADDED","object":{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"x","namespace":"a","resourceVersion":"7"},"spec":{}}}` + "\n",
		},
		"a custom resource is as it was": {
			kind:  serialize.Kind{APIVersion: "ex.io/v1", Kind: "Widget", ListKind: "WidgetList", Custom: true},
			raw:   `{"apiVersion":"ex.io/v1","kind":"Widget","metadata":{"name":"x","resourceVersion":"7"}}`,
			event: `{"type":"ADDED","object":{"apiVersion":"ex.io/v1","kind":"Widget","metadata":{"name":"x","resourceVersion":"7"}}}` + "\n",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			o, err := test.kind.Parse([]byte(test.raw))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.raw, string(test.kind.AppendObject(nil, o))); diff != "" {
				t.Errorf("object (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.event, string(test.kind.AppendEvent(nil, "ADDED", o))); diff != "" {
				t.Errorf("event (-want +got):\n%s", diff)
			}
		})
	}
}

func TestThreat27_KindRefusesObjectsOfAnother(t *testing.T) {
	kind := serialize.Kind{APIVersion: "v1", Kind: "Pod", ListKind: "PodList"}
	for _, raw := range []string{
		`{"kind":"Secret","apiVersion":"v1","metadata":{"name":"x","resourceVersion":"7"}}`,
		`{"kind":"Pod","apiVersion":"v2","metadata":{"name":"x","resourceVersion":"7"}}`,
		`{"metadata":{"name":"x","resourceVersion":"7"},"kind":"Status"}`,
	} {
		if _, err := kind.Parse([]byte(raw)); !errors.Is(err, serialize.ErrInvalid) {
			t.Errorf("%s: error %v", raw, err)
		}
	}
	if _, err := kind.Parse([]byte(`{"metadata":{"name":"x","resourceVersion":"7"}}`)); err != nil {
		t.Errorf("a list item: %v", err)
	}
}
