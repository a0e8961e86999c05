package httpapi

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
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
