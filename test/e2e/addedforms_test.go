package e2e

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/yaml"
)

// TestQueriesInOtherForms are the same objects in the same order.
func TestQueriesInOtherForms(t *testing.T) {
	p := eastPair()
	path := "/api/v1/pods?sortBy=-metadata.name,metadata.namespace&limit=5&offset=2&resourceVersion=0"
	want := podKeys(podsOf(t, cached(t, p.server, get(p.cluster.Admin, path)).Body).Items)
	if len(want) != 5 || slices.IsSorted(want) {
		t.Fatalf("the page is %v", want)
	}
	t.Run("YAML", func(t *testing.T) {
		answer := cached(t, p.server, get(p.cluster.Admin, path, "Accept: application/yaml"))
		body, err := yaml.YAMLToJSON(answer.Body)
		must(t, err)
		if diff := cmp.Diff(want, podKeys(podsOf(t, body).Items)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("metadata", func(t *testing.T) {
		answer := cached(t, p.server, get(p.cluster.Admin, path, "Accept: application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"))
		if diff := cmp.Diff(want, podKeys(podsOf(t, answer.Body).Items)); diff != "" || !strings.Contains(string(answer.Body), `"PartialObjectMetadataList"`) {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
	t.Run("table", func(t *testing.T) {
		answer := cached(t, p.server, get(p.cluster.Admin, path, "Accept: application/json;as=Table;g=meta.k8s.io;v=v1"))
		var table metav1.Table
		must(t, json.Unmarshal(answer.Body, &table))
		got := []string{}
		for _, row := range table.Rows {
			var object metav1.PartialObjectMetadata
			must(t, json.Unmarshal(row.Object.Raw, &object))
			got = append(got, object.Namespace+"/"+object.Name)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("code %d (-want +got):\n%s", answer.Code, diff)
		}
	})
	t.Run("a table, or else JSON", func(t *testing.T) {
		answer := cached(t, p.server, get(p.cluster.Admin, path+"&fields=metadata.name", "Accept: application/json;as=Table;g=meta.k8s.io;v=v1,application/json"))
		if answer.Code != http.StatusOK {
			t.Errorf("code %d: %s", answer.Code, answer.Body)
		}
	})
	t.Run("counts in YAML", func(t *testing.T) {
		answer := cached(t, p.server, get(p.cluster.Admin, "/api/v1/pods?aggregate=status.phase", "Accept: application/yaml"))
		body, err := yaml.YAMLToJSON(answer.Body)
		must(t, err)
		var counts countList
		must(t, json.Unmarshal(body, &counts))
		if counts.Kind != "AggregateList" || counts.Count == 0 {
			t.Errorf("%s", answer.Body)
		}
	})
}

// TestWhatRemainsIsExactOnAnyField, and left out where an API server leaves it out: on the fields that it knows.
func TestWhatRemainsIsExactOnAnyField(t *testing.T) {
	p := eastPair()
	for selector, exact := range map[string]bool{"status.phase%3DPending": false, "metadata.labels.app%3Dweb": true} {
		first := envelopeOf(t, cached(t, p.server, get(p.cluster.Admin, "/api/v1/pods?limit=2&fieldSelector="+selector)))
		if got := first.Metadata.RemainingItemCount != nil; got != exact {
			t.Errorf("%s: %v remain", selector, first.Metadata.RemainingItemCount)
		}
	}
}

// TestSearchesCanBeSwitchedOff, and all else works.
func TestSearchesCanBeSwitchedOff(t *testing.T) {
	_, p := tapped(t, "--search=false")
	var status metav1.Status
	refused := cached(t, p.server, get(p.cluster.Admin, "/api/v1/pods?search=web"))
	must(t, json.Unmarshal(refused.Body, &status))
	if refused.Code != http.StatusBadRequest || !strings.HasPrefix(status.Message, "search: is switched off") {
		t.Errorf("code %d: %s", refused.Code, refused.Body)
	}
	if sorted := cached(t, p.server, get(p.cluster.Admin, "/api/v1/pods?sortBy=status.phase&limit=1")); sorted.Code != http.StatusOK {
		t.Errorf("code %d: %s", sorted.Code, sorted.Body)
	}
}

// TestDocumentIsServed for generators of clients.
func TestDocumentIsServed(t *testing.T) {
	answer := cached(t, shared.Front.Server, get(nil, "/k8cache/v1/openapi.json"))
	var document struct{ OpenAPI string }
	if err := json.Unmarshal(answer.Body, &document); err != nil || answer.Code != http.StatusOK || document.OpenAPI != "3.1.0" {
		t.Errorf("code %d: %v: %.100s", answer.Code, err, answer.Body)
	}
}
