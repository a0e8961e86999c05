package query

import (
	"encoding/json"
	"slices"
	"testing"

	apiv1 "github.com/k8cache/k8cache/api/v1"
)

// TestDocumentHasTheParametersAndTheirBounds compares the OpenAPI document with what is read.
func TestDocumentHasTheParametersAndTheirBounds(t *testing.T) {
	var document struct {
		Components struct {
			Parameters map[string]struct {
				Name   string
				Schema struct {
					MaxItems, MaxLength int
					Items               struct{ MaxLength int }
				}
			}
		}
	}
	if err := json.Unmarshal(apiv1.OpenAPI, &document); err != nil {
		t.Fatal(err)
	}
	parameters := document.Components.Parameters
	bounds := map[string]int{paramSortBy: maxSortBy, paramAggregate: maxAggregate, paramFields: maxFields}
	for _, name := range Parameters() {
		p := parameters[name]
		if p.Name != name || p.Schema.MaxItems != bounds[name] || bounds[name] > 0 && p.Schema.Items.MaxLength != maxPath {
			t.Errorf("%s is %+v in the document, want at most %d paths of %d bytes", name, p, bounds[name], maxPath)
		}
	}
	if n := parameters[paramSearch].Schema.MaxLength; n != maxSearch {
		t.Errorf("a search may have %d bytes in the document, and %d here", n, maxSearch)
	}
	others := []string{"scope", "fieldSelector", "labelSelector", "limit", "continue"}
	for name := range parameters {
		if !slices.Contains(slices.Concat(Parameters(), others), name) {
			t.Errorf("%s is in the document, and read by nobody", name)
		}
	}
}
