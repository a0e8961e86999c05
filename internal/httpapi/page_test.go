package httpapi

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/k8cache/k8cache/internal/serialize"
)

// TestATagStandsForWhatRemainsInEachForm has an object come behind a page: what the page says of the rest is another answer.
func TestATagStandsForWhatRemainsInEachForm(t *testing.T) {
	for _, f := range []form{{mediaType: jsonType}, {mediaType: jsonType, shape: metadata, version: "v1"}, {mediaType: jsonType, shape: table, version: "v1"}} {
		s := newStage(t)
		s.admin(t)
		w := s.beside(t, "admin", "", f)
		target := "/api/v1/things?limit=1&offset=0"
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
		options, err := parseListOptions(w.see.GroupResource(), r.URL.Query())
		if err != nil {
			t.Fatal(err)
		}
		var tags []uint64
		for _, name := range []string{"first", "second", "third"} {
			s.version++
			thing, err := serialize.Parse([]byte(`{"metadata":{"name":"` + name + `","namespace":"a","resourceVersion":"` + strconv.FormatUint(s.version, 10) + `"}}`))
			if err != nil {
				t.Fatal(err)
			}
			s.see.collection.Upsert(thing)
			answer, err := (&api{}).listOf(r, w.see, options, s.see.collection.Snapshot(), "")
			if err != nil {
				t.Fatal(err)
			}
			tags = append(tags, answer.fingerprint)
		}
		if tags[0] == tags[1] || tags[1] == tags[2] {
			t.Errorf("form %+v: tags %x", f, tags)
		}
	}
}
