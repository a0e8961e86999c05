package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// pair is a cluster asked both ways.
type pair struct {
	cluster *env.Cluster
	server  *env.Server
}

func eastPair() pair {
	cluster, server := east()
	return pair{cluster, server}
}

// same puts a request both ways, wants one answer, and returns k8cache's.
func (p pair) same(t *testing.T, request env.Request) *env.Answer {
	t.Helper()
	want, got := direct(t, p.cluster, request), cached(t, p.server, request)
	sameAnswer(t, request.Method+" "+request.Path, want, got)
	return got
}

// sameCode is for answers whose bodies name what differs each time.
func (p pair) sameCode(t *testing.T, request env.Request) *env.Answer {
	t.Helper()
	want, got := direct(t, p.cluster, request), cached(t, p.server, request)
	if got.Code != want.Code {
		t.Errorf("%s %s: code %d, the API server's %d: %s", request.Method, request.Path, got.Code, want.Code, got.Body)
	}
	return got
}

// sameList lists through k8cache, then asks the API server for the same at the version that k8cache answered from: so
// each may move on at any time, and the bytes must be equal still.
func (p pair) sameList(t *testing.T, who *testenv.Identity, path string, lines ...string) *env.Answer {
	t.Helper()
	got := cached(t, p.server, get(who, path, lines...))
	if got.Code != http.StatusOK {
		t.Errorf("GET %s: code %d: %s", path, got.Code, got.Body)
		return got
	}
	want := direct(t, p.cluster, get(who, at(path, versionOf(t, got.Body)), lines...))
	sameAnswer(t, "GET "+path, want, got)
	return got
}

func sameAnswer(t *testing.T, what string, want, got *env.Answer) {
	t.Helper()
	if got.Code != want.Code {
		t.Errorf("%s: code %d, the API server's %d", what, got.Code, want.Code)
	}
	check(t, what, validate.SameBytes(want.Body, got.Body))
	check(t, what, validate.SameHeaders(want.Header, got.Header))
}

// at asks for a list as it was at one version.
func at(path, version string) string {
	separator := "?"
	if strings.Contains(path, "?") {
		separator = "&"
	}
	return path + separator + "resourceVersionMatch=Exact&resourceVersion=" + version
}

// listOf reads a list, wherever it came from.
func listOf(answer *env.Answer) (*validate.List, error) {
	if answer.Code != http.StatusOK {
		return nil, fmt.Errorf("code %d: %s", answer.Code, answer.Body)
	}
	return validate.ParseList(answer.Body)
}

// list is listOf for a list that must be one.
func list(t *testing.T, answer *env.Answer) *validate.List {
	t.Helper()
	list, err := listOf(answer)
	must(t, err)
	return list
}

func versionOf(t *testing.T, body []byte) string {
	t.Helper()
	return list(t, &env.Answer{Code: http.StatusOK, Body: body}).Version
}

// refused checks that k8cache refuses with a Status.
func refused(t *testing.T, what string, answer *env.Answer, code int, reason string) {
	t.Helper()
	if answer.Code != code {
		t.Errorf("%s: code %d, want %d: %.300s", what, answer.Code, code, answer.Body)
		return
	}
	check(t, what, validate.Status(answer.Body, code, reason))
}
