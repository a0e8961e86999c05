package e2e

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// soon is how long a change may take to be seen. It is generous, because machines that run tests are often busy.
const soon = 20 * time.Second

// get is a GET by somebody, or by nobody (nil), with header lines such as "Accept: application/yaml".
func get(who *testenv.Identity, path string, lines ...string) env.Request {
	return ask(http.MethodGet, who, path, "", lines...)
}

// ask is a request with a body, of JSON unless a line says otherwise.
func ask(method string, who *testenv.Identity, path, body string, lines ...string) env.Request {
	request := env.Request{Method: method, Path: path, Body: body, Header: http.Header{}}
	if who != nil {
		request.Token = who.Token
	}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		request.Header[name] = append(request.Header[name], value) // as spelt
	}
	if body != "" && request.Header.Get("Content-Type") == "" {
		request.Header.Set("Content-Type", "application/json")
	}
	return request
}

// direct puts a request to an API server.
func direct(t *testing.T, cluster *env.Cluster, request env.Request) *env.Answer {
	t.Helper()
	answer, err := cluster.Ask(t.Context(), request)
	if err != nil {
		t.Fatalf("%s %s, direct: %v", request.Method, request.Path, err)
	}
	return answer
}

// cached puts a request to k8cache, and checks what is guaranteed for every answer.
func cached(t *testing.T, server *env.Server, request env.Request) *env.Answer {
	t.Helper()
	answer, err := server.Ask(t.Context(), request)
	if err != nil {
		t.Fatalf("%s %s, cached: %v", request.Method, request.Path, err)
	}
	check(t, request.Path, validate.Source(answer.Header))
	return answer
}

// east is the default cluster, as the API server has it and as k8cache shows it.
func east() (*env.Cluster, *env.Server) { return shared.East, shared.Front.Of(shared.East) }

// west is the other cluster.
func west(t *testing.T) (*env.Cluster, *env.Server) {
	t.Helper()
	if shared.West == nil {
		t.Skip("needs a second cluster")
	}
	return shared.West, shared.Front.Of(shared.West)
}

// ownPlane skips a test that does to a control plane what one does to one's own only.
func ownPlane(t *testing.T) {
	t.Helper()
	if shared.East.Plane == nil {
		t.Skip("needs a control plane of its own")
	}
}

// check reports a broken guarantee.
func check(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

// must ends a test whose preparation went wrong.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// eventually tries until there is no error.
func eventually(t *testing.T, what string, try func() error) {
	t.Helper()
	within(t, soon, what, try)
}

// within tries for so long.
func within(t *testing.T, long time.Duration, what string, try func() error) {
	t.Helper()
	var last error
	err := wait.PollUntilContextTimeout(t.Context(), 20*time.Millisecond, long, true, func(context.Context) (bool, error) {
		last = try()
		return last == nil, nil
	})
	if err != nil {
		t.Fatalf("%s: not within %s: %v", what, long, last)
	}
}
