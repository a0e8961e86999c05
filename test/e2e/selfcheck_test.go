package e2e

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// forgiving is a k8cache with a tap before the east that goes on when a collection is found to be wrong.
func forgiving(t *testing.T, args ...string) (*env.Tap, *env.Front, pair) {
	t.Helper()
	tap := newTap(t)
	front := start(t, []testenv.Context{tap.Context(shared.East.Name)}, testenv.ProcessOptions{
		Args: args, Env: []string{"K8CACHE_SELF_CHECK_FATAL=false"},
	})
	return tap, front, pair{shared.East, front.Of(shared.East)}
}

// TestSelfCheckFindsAndHealsWhatWasMissed swallows single events on their way to k8cache. For each it must notice, ask the
// API server meanwhile, and be right again; a caller of a part is told to try again, and never that nothing is there.
func TestSelfCheckFindsAndHealsWhatWasMissed(t *testing.T) {
	t.Parallel()
	tap, front, p := forgiving(t, "--self-check=1s")
	var swallower env.Swallower
	tap.Rule(swallower.Rule)
	namespace, who := namespace(t, p.cluster), user(t, p.cluster)
	grant(t, p.cluster, who, namespace, readConfigMaps)
	path := "/api/v1/namespaces/" + namespace + "/configmaps"
	knows(t, p.server, who, path)
	maps := p.cluster.Client.CoreV1().ConfigMaps(namespace)
	configMap(t, p.cluster, namespace, "changed", "x")
	configMap(t, p.cluster, namespace, "deleted", "x")
	p.settles(t, path, "changed", "deleted", "kube-root-ca.crt")

	for what, test := range map[string]struct {
		swallow []string
		happen  func() error
	}{
		"an addition": {[]string{`"ADDED"`, `"name":"added"`}, func() error {
			configMap(t, p.cluster, namespace, "added", "x")
			return nil
		}},
		"a change": {[]string{`"MODIFIED"`, `"name":"changed"`}, func() error {
			_, err := maps.Patch(t.Context(), "changed", "application/merge-patch+json", []byte(`{"data":{"value":"y"}}`), metav1.PatchOptions{})
			return err
		}},
		"a deletion": {[]string{`"DELETED"`, `"name":"deleted"`}, func() error {
			return maps.Delete(t.Context(), "deleted", metav1.DeleteOptions{})
		}},
	} {
		before := checksOf(t, front, "differs")
		swallower.Next("/api/v1/configmaps", test.swallow...)
		must(t, test.happen())
		after := configMap(t, p.cluster, namespace, unique("after"), "x")
		eventually(t, what+": detection", func() error {
			if checksOf(t, front, "differs") == before {
				return errors.New("no difference counted")
			}
			return nil
		})
		// Nothing can be read anew for now: whoever may see all is shown the API server's own answer.
		answer := p.sameCode(t, get(p.cluster.Admin, path))
		check(t, what, validate.FromServer(answer.Header))
		if answer := cached(t, p.server, get(who, "/api/v1/configmaps")); answer.Code != http.StatusServiceUnavailable || answer.Header.Get("Retry-After") == "" {
			t.Errorf("%s: a caller of a part got code %d, want 503 and Retry-After", what, answer.Code)
		}
		swallower.Allow()
		eventually(t, what+": healing", func() error {
			answer := cached(t, p.server, get(p.cluster.Admin, path))
			if !strings.Contains(string(answer.Body), after.GetName()) {
				return fmt.Errorf("got %s", answer.Body)
			}
			return validate.FromMemory(answer.Header)
		})
		p.sameList(t, p.cluster.Admin, path)
	}
}

// checksOf reads the metric of self-checks with a result.
func checksOf(t *testing.T, front *env.Front, result string) string {
	t.Helper()
	metrics := admin(t, front, "/metrics")
	for line := range strings.Lines(string(metrics.Body)) {
		if strings.HasPrefix(line, "k8cache_self_checks_total{") && strings.Contains(line, `result="`+result+`"`) {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

// TestSelfCheckAgrees where nothing was missed: with every kind of object there is, while they change.
func TestSelfCheckAgrees(t *testing.T) {
	t.Parallel()
	_, front, p := forgiving(t, "--self-check=1s")
	namespace := namespace(t, p.cluster)
	for _, path := range []string{"/api/v1/pods", "/api/v1/configmaps", "/apis/e2e.k8cache.dev/v1/widgets", "/api/v1/namespaces", "/api/v1/events"} {
		p.sameList(t, p.cluster.Admin, path)
	}
	done := fmt.Sprintf(`k8cache_self_checks_total{cluster="%s",result="same"}`, p.cluster.Name)
	var before int
	eventually(t, "twenty more checks", func() error {
		configMap(t, p.cluster, namespace, unique("cm"), "x")
		var now int
		if _, err := fmt.Sscanf(checksOf(t, front, "same"), done+" %d", &now); err != nil {
			return err
		}
		if before == 0 {
			before = now
		}
		if now < before+20 {
			return fmt.Errorf("%d checks", now)
		}
		return nil
	})
	if differs := checksOf(t, front, "differs"); differs != "" {
		t.Error(differs)
	}
}
