package httpapi

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestUnchanged(t *testing.T) {
	first := httptest.NewRecorder()
	if unchanged(first, get("/api/v1/pods"), 7) {
		t.Fatal("unchanged for a client that has nothing")
	}
	tag := first.Header().Get("ETag")
	for _, test := range []struct {
		name, known, encoding, agent string
		fingerprint                  uint64
		want                         bool
	}{
		{"the same", tag, "", "", 7, true},
		{"one of several", `"x", ` + tag, "", "", 7, true},
		{"weakened on its way", "W/" + tag, "", "", 7, true},
		{"other items", tag, "", "", 8, false},
		{"another encoding", tag, "gzip", "", 7, false},
		{"another form", tag, "", "curl/8", 7, false},
		{"another tag", `"x"`, "", "", 7, false},
	} {
		r, w := get("/api/v1/pods"), httptest.NewRecorder()
		r.Header = http.Header{"If-None-Match": {test.known}, "Accept-Encoding": {test.encoding}, "User-Agent": {test.agent}}
		if got := unchanged(w, r, test.fingerprint); got != test.want || (w.Code == http.StatusNotModified) != test.want {
			t.Errorf("%s: got %v, status %d", test.name, got, w.Code)
		}
	}
}
