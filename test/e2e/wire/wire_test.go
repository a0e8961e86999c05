package wire

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRandomRequestsAreThoseOfTheirSeed draws twice from one seed, and once from another.
func TestRandomRequestsAreThoseOfTheirSeed(t *testing.T) {
	draw := func(seed uint64) []Request { return Random(seed, Kinds("e2e"), []string{"", "a"}, 100) }
	if diff := cmp.Diff(draw(1), draw(1)); diff != "" {
		t.Errorf("one seed, two drawings:\n%s", diff)
	}
	if cmp.Equal(draw(1), draw(2)) {
		t.Error("two seeds, one drawing")
	}
}

// TestStreams tells watches from lists as an API server does.
func TestStreams(t *testing.T) {
	for path, want := range map[string]bool{
		"/api/v1/pods": false, "/api/v1/pods?watch=0": false, "/api/v1/pods?watch=FALSE": false, "/api/v1/pods?limit=1": false,
		"/api/v1/pods?watch": true, "/api/v1/pods?watch=abc": true, "/api/v1/pods?a;b=c&watch=1": true, "/api/v1/watch/pods": true,
	} {
		if got := (Request{Path: path}).Streams(); got != want {
			t.Errorf("%s: got %t, want %t", path, got, want)
		}
	}
}

// TestNeutral shows what is taken out of a body, and that what stands beside it stays.
func TestNeutral(t *testing.T) {
	token := "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6NjE2LCJzdGFydCI6Ii9hLWIvY20yXHUwMDAwIn0"
	for name, test := range map[string]struct{ body, want string }{
		"a list's version": {
			`{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"383"},"items":[{"metadata":{"resourceVersion":"7"}}]}`,
			`{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"LISTED"},"items":[{"metadata":{"resourceVersion":"7"}}]}`,
		},
		"printed": {
			"{\n  \"kind\": \"PodList\",\n  \"apiVersion\": \"v1\",\n  \"metadata\": {\n    \"resourceVersion\": \"383\"\n  },\n  \"items\": []\n}",
			"{\n  \"kind\": \"PodList\",\n  \"apiVersion\": \"v1\",\n  \"metadata\": {\n    \"resourceVersion\": \"LISTED\"\n  },\n  \"items\": []\n}",
		},
		"a custom list's": {
			`{"apiVersion":"x/v1","items":[{"metadata":{"resourceVersion":"7"}}],"kind":"L","metadata":{"continue":"","resourceVersion":"383"}}` + "\n",
			`{"apiVersion":"x/v1","items":[{"metadata":{"resourceVersion":"7"}}],"kind":"L","metadata":{"continue":"","resourceVersion":"LISTED"}}` + "\n",
		},
		"in YAML": {
			"apiVersion: v1\nitems:\n- metadata:\n    resourceVersion: \"7\"\nkind: PodList\nmetadata:\n  resourceVersion: \"383\"\n",
			"apiVersion: v1\nitems:\n- metadata:\n    resourceVersion: \"7\"\nkind: PodList\nmetadata:\n  resourceVersion: \"LISTED\"\n",
		},
		"an object's stays": {
			`{"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"383"}}`,
			`{"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"383"}}`,
		},
		"a token": {
			`"metadata":{"resourceVersion":"1","continue":"` + token + `","remainingItemCount":2}`,
			`"metadata":{"resourceVersion":"1","continue":"SAME FROM a-b/cm2\x00","remainingItemCount":2}`,
		},
		"no token":          {`"metadata":{"continue":""}`, `"metadata":{"continue":""}`},
		"where a server is": {"Too large resource version: 9, current: 633", "Too large resource version: 9, current: CURRENT"},
		"what a server has": {"too old resource version: 1 (1075)", "too old resource version: 1 (OLDEST)"},
		"a chance bookmark": {`{"type":"ADDED"}` + "\n" + `{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"7"}}}` + "\n", `{"type":"ADDED"}` + "\n"},
		"a promised bookmark": {
			`{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"7","annotations":{"k8s.io/initial-events-end":"true"}}}}` + "\n",
			`{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"MARKED","annotations":{"k8s.io/initial-events-end":"true"}}}}` + "\n",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, Neutral(test.body)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestRequestsAreMany would notice a pool that has run dry.
func TestRequestsAreMany(t *testing.T) {
	kind := Kinds("e2e")[0]
	for name, requests := range map[string][]Request{
		"versions": kind.Versioned("a"), "fields": kind.Fielded("a"), "watches": kind.Watched("a"), "gets": kind.Gets("a"),
	} {
		if len(requests) < 90 {
			t.Errorf("%s: %d requests", name, len(requests))
		}
		if at := slices.IndexFunc(requests, func(r Request) bool { return !strings.HasPrefix(r.Path, "/api/v1/namespaces/a/pods") }); at >= 0 {
			t.Errorf("%s: %s is of something else", name, requests[at])
		}
	}
}
