package httpapi

import (
	"net/http"
	"testing"
)

func TestNegotiate(t *testing.T) {
	table := "application/json;as=Table;v=v1;g=meta.k8s.io"
	for _, test := range []struct {
		accept string
		want   acceptance
	}{
		{"", acceptsJSONFirst},
		{"*/*", acceptsJSONFirst},
		{"application/json", acceptsJSONFirst},
		{"application/json;charset=utf-8", acceptsJSONFirst},
		{"application/json;foo=bar", acceptsJSONFirst},
		{"text/html,*/*;q=0.8", acceptsJSONLast},
		{table + "," + table + "beta1,application/json", acceptsJSONLast},
		{"application/yaml;q=0.5,application/json", acceptsJSONFirst},
		{"application/json;q=0.5,application/yaml", acceptsJSONLast},
		{table, acceptsOther},
		{"application/vnd.kubernetes.protobuf", acceptsOther},
		{"application/vnd.kubernetes.protobuf,application/json", acceptsJSONLast},
		{"application/json;stream=watch", acceptsOther},
		{"APPLICATION/JSON", acceptsOther},
		{"application/*", acceptsOther},
	} {
		if got := negotiate(http.Header{"Accept": {test.accept}}); got != test.want {
			t.Errorf("Accept %q: got %d, want %d", test.accept, got, test.want)
		}
	}
}

func TestTakesGzipOnlyForTheBareToken(t *testing.T) {
	for encoding, want := range map[string]bool{
		"gzip": true, "deflate, gzip": true, " gzip ": true, "gzip;q=0.5": false, "*": false, "GZIP": false, "": false,
	} {
		if got := takesGzip(http.Header{"Accept-Encoding": {encoding}}); got != want {
			t.Errorf("Accept-Encoding %q: got %v, want %v", encoding, got, want)
		}
	}
}

func TestWantsPretty(t *testing.T) {
	for _, test := range []struct {
		query, agent string
		want         bool
	}{
		{"", "curl/8.1", true},
		{"", "Wget/1", true},
		{"", "Mozilla/5.0 (X11)", true},
		{"", "kubectl/v1.37", false},
		{"pretty=true", "kubectl", true},
		{"pretty=1", "kubectl", true},
		{"pretty=false", "curl/8", false},
		{"pretty=nonsense", "curl/8", false},
		{"pretty=", "curl/8", true},
	} {
		r := get("/api/v1/pods?" + test.query)
		r.Header.Set("User-Agent", test.agent)
		if got := wantsPretty(r); got != test.want {
			t.Errorf("%q with %q: got %v, want %v", test.query, test.agent, got, test.want)
		}
	}
}
