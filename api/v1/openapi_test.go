package v1_test

import (
	"encoding/json"
	"maps"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	apiv1 "github.com/k8cache/k8cache/api/v1"
)

// members are the JSON names of a type's fields, an optional one with a question mark.
func members(t reflect.Type) []string {
	var names []string
	for field := range t.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch options {
		case "inline":
			for _, inner := range members(field.Type) {
				names = append(names, strings.TrimSuffix(inner, "?"))
			}
			continue
		case "omitempty":
			name += "?"
		}
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// TestDocumentAndTypesAgree: the OpenAPI document, the types for Go and those for TypeScript.
func TestDocumentAndTypesAgree(t *testing.T) {
	var document struct {
		Components struct {
			Parameters map[string]any
			Schemas    map[string]struct {
				Properties map[string]any
				Required   []string
			}
		}
	}
	if err := json.Unmarshal(apiv1.OpenAPI, &document); err != nil {
		t.Fatal(err)
	}
	script := interfaces(t)
	for _, one := range []any{
		apiv1.AggregateList{},
		apiv1.AggregateListMeta{},
		apiv1.Aggregate{},
		apiv1.AggregateValue{},
		apiv1.Status{},
		apiv1.ClusterStatus{},
		apiv1.CollectionStatus{},
		apiv1.NamespaceNames{},
	} {
		typ := reflect.TypeOf(one)
		want := members(typ)
		schema := document.Components.Schemas[typ.Name()]
		var got []string
		for name := range schema.Properties {
			if !slices.Contains(schema.Required, name) {
				name += "?"
			}
			got = append(got, name)
		}
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s in Go (-) and in the document (+):\n%s", typ.Name(), diff)
		}
		if diff := cmp.Diff(want, script[typ.Name()]); diff != "" {
			t.Errorf("%s in Go (-) and in TypeScript (+):\n%s", typ.Name(), diff)
		}
	}
	var parameters []string
	for _, name := range slices.Sorted(maps.Keys(document.Components.Parameters)) {
		parameters = append(parameters, name+"?")
	}
	if diff := cmp.Diff(parameters, script["ListQuery"]); diff != "" {
		t.Errorf("parameters in the document (-) and in TypeScript (+):\n%s", diff)
	}
}

// interfaces are the members of the interfaces for TypeScript.
func interfaces(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("k8cache.d.ts")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string][]string{}
	member := regexp.MustCompile(`(?m)^  (\w+\??):`)
	for _, one := range regexp.MustCompile(`(?ms)^export interface (\w+)[^{]*\{\n(.*?)^\}`).FindAllStringSubmatch(string(text), -1) {
		var names []string
		for _, m := range member.FindAllStringSubmatch(one[2], -1) {
			names = append(names, m[1])
		}
		slices.Sort(names)
		found[one[1]] = names
	}
	return found
}
