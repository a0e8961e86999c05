package httpapi

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestUnchanged(t *testing.T) {
	first := httptest.NewRecorder()
	if unchanged(first, get("/api/v1/pods"), asJSON, 7) {
		t.Fatal("unchanged for a client that has nothing")
	}
	tag := first.Header().Get("ETag")
	for _, test := range []struct {
		name, known, encoding string
		form                  form
		fingerprint           uint64
		want                  bool
	}{
		{"the same", tag, "", asJSON, 7, true},
		{"one of several", `"x", ` + tag, "", asJSON, 7, true},
		{"weakened on its way", "W/" + tag, "", asJSON, 7, true},
		{"other items", tag, "", asJSON, 8, false},
		{"another encoding", tag, "gzip", asJSON, 7, false},
		{"indented", tag, "", form{mediaType: jsonType, pretty: true}, 7, false},
		{"YAML", tag, "", form{mediaType: yamlType}, 7, false},
		{"metadata", tag, "", form{mediaType: jsonType, shape: metadata, version: "v1"}, 7, false},
		{"another tag", `"x"`, "", asJSON, 7, false},
	} {
		r, w := get("/api/v1/pods"), httptest.NewRecorder()
		r.Header = http.Header{"If-None-Match": {test.known}, "Accept-Encoding": {test.encoding}}
		if got := unchanged(w, r, test.form, test.fingerprint); got != test.want || (w.Code == http.StatusNotModified) != test.want {
			t.Errorf("%s: got %v, status %d", test.name, got, w.Code)
		}
	}
}
