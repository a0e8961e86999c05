package e2e

import (
	"context"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
)

// TestClientsComeBack has informers follow a cluster through k8cache while k8cache is killed and started anew, which makes
// them begin anew (410), and while the API server is. Things change meanwhile; in the end they must have what is there, and
// have been told of each deletion, and of nothing older than what they knew.
func TestClientsComeBack(t *testing.T) {
	ownPlane(t)
	ownFront(t)
	t.Parallel()
	cluster, err := env.Another(t.Context(), "south")
	must(t, err)
	t.Cleanup(func() { check(t, "stop", cluster.Stop(context.Background())) })
	address, certs := freeAddress(t), t.TempDir()
	run := func() *env.Front {
		front, err := env.Run(t.Context(), []testenv.Context{cluster.Context()}, testenv.ProcessOptions{Listen: address, CertDir: certs})
		must(t, err)
		return front
	}
	front := run()
	t.Cleanup(func() { check(t, "stop k8cache", front.Stop()) })
	ns := namespace(t, cluster)
	for _, name := range []string{"kept", "changed", "deleted", "deleted-later"} {
		configMap(t, cluster, ns, name, "x")
	}
	cached := front.Config(cluster, cluster.Admin.Config)
	all := map[string]*seen{
		"typed, direct": follow(t, typedInformer, cluster.Admin.Config, ns, nil), "typed": follow(t, typedInformer, cached, ns, nil),
		"of JSON": follow(t, jsonInformer, cached, ns, nil), "dynamic": follow(t, dynamicInformer, cached, ns, nil), "metadata": follow(t, metadataInformer, cached, ns, nil),
	}
	if os.Getenv("K8CACHE_JS") != "" {
		_, kubeconfig := kubeconfigs(t, cluster, front, cluster.Admin)
		all["JavaScript"] = followJS(t, kubeconfig, ns)
	}
	maps := cluster.Client.CoreV1().ConfigMaps(ns)
	change := func(value, deleted string) {
		_, err := maps.Patch(t.Context(), "changed", types.MergePatchType, []byte(`{"data":{"value":"`+value+`"}}`), metav1.PatchOptions{})
		must(t, err)
		must(t, maps.Delete(t.Context(), deleted, metav1.DeleteOptions{}))
		configMap(t, cluster, ns, "made-"+value, "x")
	}
	caughtUp := func(deleted string) {
		t.Helper()
		want := there(t, cluster, ns, "")
		for name, client := range all {
			client.waits(t, name, want)
			client.forward(t)
			if _, events, _ := client.now(); !slices.ContainsFunc(events, func(event string) bool { return strings.HasPrefix(event, "DELETED "+ns+"/"+deleted+"@") }) {
				t.Errorf("%s was not told that %s is gone", name, deleted)
			}
		}
	}

	must(t, front.Process.Signal(syscall.SIGKILL))
	<-front.Process.Done()
	change("while-k8cache-was-gone", "deleted")
	must(t, front.Stop())
	front = run()
	caughtUp("deleted")

	must(t, cluster.Plane.Signal(testenv.APIServer, syscall.SIGKILL))
	must(t, cluster.Plane.StartAPIServer(t.Context()))
	change("after-the-api-server-was-gone", "deleted-later")
	caughtUp("deleted-later")
}
