package httpapi

import (
	"net/http"
	"testing"
)

func TestUnchanged(t *testing.T) {
	tag := entityTag(get("/api/v1/pods"), asJSON, 7)
	if knows(get("/api/v1/pods"), tag) {
		t.Fatal("unchanged for a client that has nothing")
	}
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
		r := get("/api/v1/pods")
		r.Header = http.Header{"If-None-Match": {test.known}, "Accept-Encoding": {test.encoding}}
		if got := knows(r, entityTag(r, test.form, test.fingerprint)); got != test.want {
			t.Errorf("%s: got %v", test.name, got)
		}
	}
}
