package httpapi

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/gzip"
)

// TestDeletedItems reads the answer to a deletion of many. What was on its way already is not waited for: a finalizer may
// keep it for ever.
func TestDeletedItems(t *testing.T) {
	body := `{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"9"},"items":[
		{"metadata":{"name":"one","namespace":"a","resourceVersion":"7"}},
		{"metadata":{"name":"two","resourceVersion":"8"}},
		{"metadata":{"name":"going","namespace":"a","resourceVersion":"6","deletionTimestamp":"2025-01-01T00:00:00Z"}}]}`
	want := []gone{{namespace: "a", name: "one", version: 7}, {name: "two", version: 8}}
	if diff := cmp.Diff(want, deletedItems([]byte(body)), cmp.AllowUnexported(gone{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for _, body := range []string{"", "k8s\x00", `{"kind":"Status","status":"Success"}`} {
		if got := deletedItems([]byte(body)); len(got) > 0 {
			t.Errorf("%q: %v", body, got)
		}
	}
}

// TestWritesAreReadThroughCompression has answers as API servers send them to clients of Go, when they are large.
func TestWritesAreReadThroughCompression(t *testing.T) {
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	_, err := fmt.Fprintf(zip, `{"kind":"ConfigMap","data":{"large":"%s"},"metadata":{"name":"large","resourceVersion":"12"}}`, strings.Repeat("resourceVersion ", 10_000))
	if err := errors.Join(err, zip.Close()); err != nil {
		t.Fatal(err)
	}
	w := &written{object: object{name: "large"}}
	answer := &http.Response{
		Request: &http.Request{Method: http.MethodPut},
		Header:  http.Header{"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}},
	}
	if did := w.done(answer, packed.Bytes()); did.version != 12 {
		t.Errorf("read version %d", did.version)
	}
	for _, body := range []string{"", "no gzip", packed.String()[:packed.Len()-20]} {
		if did := w.done(answer, []byte(body)); did.version != 0 {
			t.Errorf("%q: read version %d", body, did.version)
		}
	}
}

// TestHurried has the timeouts that a read from memory can keep, as client-go sends them, and those that it leaves to the
// API server.
func TestHurried(t *testing.T) {
	for value, want := range map[string]bool{
		"": false, "8m20s": false, "10s": false, "0": false, "0s": false, "-1s": false, "100h": false,
		"1s": true, "3s": true, "abc": true, "10": true,
	} {
		if got := hurried(url.Values{"timeout": {value}}); got != want {
			t.Errorf("%q: got %t, want %t", value, got, want)
		}
	}
}
