package loadgen

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/k8cache/k8cache/hack/testenv"
)

// small is a cluster that is written in a second or two.
func small() Options { return Options{Counts: Mix(240), Namespaces: 8} }

// TestPopulatedClusterLooksLikeOne writes a small cluster into a real control plane and looks at what that returns.
func TestPopulatedClusterLooksLikeOne(t *testing.T) {
	c, err := testenv.Start(t.Context(), testenv.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	}()
	client, err := kubernetes.NewForConfig(c.Config())
	if err != nil {
		t.Fatal(err)
	}
	defer closeIdle(t, c.Config())
	var progress bytes.Buffer
	options := small()
	options.Progress = &progress
	stats, err := Populate(t.Context(), c.Config(), options)
	if err != nil {
		t.Fatal(err)
	}
	want := 8 + 240 + 30 + 60 + 30 + 30 + 60 + 12
	if stats.Writes != want || stats.Skipped != 0 {
		t.Errorf("got %d written and %d skipped, want %d and 0", stats.Writes, stats.Skipped, want)
	}
	if !strings.Contains(progress.String(), "pods         240/240 after ") {
		t.Errorf("got progress %q", progress.String())
	}
	t.Run("counts", func(t *testing.T) { checkCounts(t, client) })
	t.Run("pods", func(t *testing.T) { checkPods(t, client) })
	t.Run("again", func(t *testing.T) {
		stats, err := Populate(t.Context(), c.Config(), small())
		if err != nil || stats.Writes != 0 || stats.Skipped != want {
			t.Errorf("got %d written, %d skipped, %v; want 0, %d, nil", stats.Writes, stats.Skipped, err, want)
		}
	})
	t.Run("churn", func(t *testing.T) { checkChurn(t, c.Config(), client) })
	t.Run("churn until the context ends", func(t *testing.T) { checkChurnUntilContextEnds(t, c.Config()) })
	t.Run("churn without rights", func(t *testing.T) {
		nobody, err := c.CertUser("nobody")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Churn(t.Context(), nobody.Config, small()); err == nil {
			t.Error("got no error")
		}
	})
	t.Run("churn without namespaces", func(t *testing.T) {
		options := small()
		options.Namespaces = 60
		options.Rate = 1000
		if _, err := Churn(t.Context(), c.Config(), options); err == nil {
			t.Error("got no error")
		}
	})
}

func checkCounts(t *testing.T, client kubernetes.Interface) {
	got := map[string]int{}
	for path, name := range map[string]string{
		"/api/v1/pods": "pods", "/api/v1/services": "services", "/api/v1/configmaps": "configmaps", "/api/v1/events": "events",
		"/apis/apps/v1/deployments": "deployments", "/apis/apps/v1/replicasets": "replicasets",
		"/apis/demo.k8cache.dev/v1/widgets": "widgets",
	} {
		for _, item := range rawList(t, client, path) {
			if ours(item) {
				got[name]++
			}
		}
	}
	want := map[string]int{"pods": 240, "services": 30, "configmaps": 30, "events": 60, "deployments": 30, "replicasets": 60, "widgets": 12}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
}

// ours says whether an object was written by Populate and not by the API server itself, which has a config map and a
// service of its own and at times an event on one of ours.
func ours(item []byte) bool {
	return bytes.Contains(item, []byte(`"manager":"helm"`)) || bytes.Contains(item, []byte(`"manager":"`+controllers+`"`)) ||
		bytes.Contains(item, []byte(`"manager":"`+kubelet+`"`))
}

func rawList(t *testing.T, client kubernetes.Interface, path string) []json.RawMessage {
	t.Helper()
	body, err := client.Discovery().RESTClient().Get().AbsPath(path).SetHeader("Accept", "application/json").DoRaw(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Items []json.RawMessage }
	if err := json.Unmarshal(body, &list); err != nil {
		t.Fatal(err)
	}
	return list.Items
}

// checkPods holds the pods to what baseline figures rest on: 7 to 8.2 KB of JSON, and two managers.
func checkPods(t *testing.T, client kubernetes.Interface) {
	var sum, managed, big int
	for _, item := range rawList(t, client, "/api/v1/pods") {
		var pod corev1.Pod
		if err := json.Unmarshal(item, &pod); err != nil {
			t.Fatal(err)
		}
		if len(item) < 7000 || len(item) > 8200 {
			t.Errorf("%s is %d bytes, want 7000 to 8200", pod.Name, len(item))
		}
		var managers []string
		for _, entry := range pod.ManagedFields {
			managers = append(managers, entry.Manager+" "+entry.Subresource)
			managed += len(entry.FieldsV1.GetRawBytes())
		}
		if diff := cmp.Diff([]string{controllers + " ", kubelet + " status"}, managers); diff != "" {
			t.Errorf("%s: managers (-want +got):\n%s", pod.Name, diff)
		}
		if pod.Status.Phase == "" || len(pod.Status.ContainerStatuses) != 2 || len(pod.OwnerReferences) != 1 {
			t.Errorf("%s: phase %q, %d container statuses, %d owners", pod.Name, pod.Status.Phase, len(pod.Status.ContainerStatuses), len(pod.OwnerReferences))
		}
		sum += len(item)
		if pod.Namespace == small().NamespaceNames()[0] {
			big++
		}
	}
	t.Logf("mean pod %d bytes, %d %% of it managed fields", sum/240, 100*managed/sum)
	if big != 48 {
		t.Errorf("got %d pods in the big namespace, want a fifth", big)
	}
}

// closeIdle ends the connections that client-go keeps for the next client of the same config.
func closeIdle(t *testing.T, config *rest.Config) {
	t.Helper()
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	client.CloseIdleConnections()
}
