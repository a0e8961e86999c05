package e2e

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// TestThreat35_APIServerRestarts kills an API server of its own: reads go on from memory and say that they may be stale,
// writes fail clearly, and once it is back every byte is the API server's.
func TestThreat35_APIServerRestarts(t *testing.T) {
	ownPlane(t)
	t.Parallel()
	cluster, err := env.Another(t.Context(), "north")
	must(t, err)
	t.Cleanup(func() { check(t, "stop", cluster.Stop(context.Background())) })
	front := start(t, []testenv.Context{cluster.Context()}, testenv.ProcessOptions{})
	p := pair{cluster, front.Of(cluster)}
	before := p.sameList(t, cluster.Admin, "/api/v1/configmaps")
	p.sameList(t, cluster.Admin, "/apis/e2e.k8cache.dev/v1/widgets")

	must(t, cluster.Plane.Signal(testenv.APIServer, syscall.SIGKILL))
	stale := p.stale(t, "/api/v1/configmaps")
	check(t, "stale", validate.SameBytes(before.Body, stale.Body))
	refusesToWrite(t, p)
	if answer := admin(t, front, "/livez"); answer.Code != http.StatusOK {
		t.Errorf("livez: code %d while the API server is down", answer.Code)
	}

	must(t, cluster.Plane.StartAPIServer(t.Context()))
	_, err = cluster.Client.CoreV1().ConfigMaps(cluster.Namespace("a")).Patch(t.Context(), "settings", "application/merge-patch+json",
		[]byte(`{"data":{"after":"the outage"}}`), metav1.PatchOptions{})
	must(t, err)
	eventually(t, "the change after the outage", func() error {
		answer := cached(t, p.server, get(cluster.Admin, "/api/v1/configmaps"))
		if !strings.Contains(string(answer.Body), "the outage") || answer.Header.Get("Warning") != "" {
			return fmt.Errorf("code %d, warning %q", answer.Code, answer.Header.Get("Warning"))
		}
		return nil
	})
	after := p.sameList(t, cluster.Admin, "/api/v1/configmaps")
	check(t, "versions", validate.Forward([]string{versionOf(t, before.Body), versionOf(t, after.Body)}))
	for _, path := range []string{"/apis/e2e.k8cache.dev/v1/widgets", "/api/v1/pods", "/apis/rbac.authorization.k8s.io/v1/clusterroles"} {
		eventually(t, path, func() error {
			if warning := cached(t, p.server, get(cluster.Admin, path)).Header.Get("Warning"); warning != "" {
				return fmt.Errorf("warning %q", warning)
			}
			_, err := listOf(direct(t, cluster, get(cluster.Admin, path))) // its storage may be initialising still
			return err
		})
		p.sameList(t, cluster.Admin, path)
	}
}

// stale waits for an answer from memory that says that it may be stale. Until then answers must not fail either.
func (p pair) stale(t *testing.T, path string) *env.Answer {
	t.Helper()
	var answer *env.Answer
	eventually(t, "a warning", func() error {
		answer = cached(t, p.server, get(p.cluster.Admin, path))
		if _, err := listOf(answer); err != nil {
			t.Errorf("while the API server is down: %v", err)
		}
		check(t, path, validate.FromMemory(answer.Header))
		if warning := answer.Header.Get("Warning"); !strings.HasPrefix(warning, "299 ") || answer.Header.Get("Age") == "" {
			return fmt.Errorf("Warning %q, Age %q", warning, answer.Header.Get("Age"))
		}
		return nil
	})
	return answer
}

// refusesToWrite wants a gateway's code, a Status, and a word on when to try again.
func refusesToWrite(t *testing.T, p pair) {
	t.Helper()
	answer := cached(t, p.server, ask(http.MethodPost, p.cluster.Admin, "/api/v1/namespaces", `{"metadata":{"name":"x"}}`))
	if answer.Code != http.StatusBadGateway && answer.Code != http.StatusServiceUnavailable {
		t.Errorf("a write while the API server is down: code %d", answer.Code)
	}
	check(t, "write", validate.Status(answer.Body, answer.Code, ""))
	if answer.Header.Get("Retry-After") == "" {
		t.Error("a write while the API server is down: no Retry-After")
	}
}
