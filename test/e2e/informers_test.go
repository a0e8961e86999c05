package e2e

import (
	"context"
	"fmt"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/tools/cache"
	ctrlcache "sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/k8cache/k8cache/hack/testenv"
)

// namesHeld is what an informer holds: the names of config maps by namespace.
type namesHeld func(ctx context.Context, namespace string) ([]string, error)

// TestThreat09_InformersFollowRights has unmodified informers lose a namespace and gain it again. They hold what their
// user may see, no more and no less, whatever changed.
func TestThreat09_InformersFollowRights(t *testing.T) {
	for name, start := range map[string]func(*testing.T, *testenv.Identity) namesHeld{
		"client-go": clientGoInformer, "controller-runtime": controllerRuntimeCache,
	} {
		t.Run(name, func(t *testing.T) {
			p := eastPair()
			who, mine, other := user(t, p.cluster), namespace(t, p.cluster), namespace(t, p.cluster)
			for _, namespace := range []string{mine, other} {
				grant(t, p.cluster, who, namespace, readConfigMaps)
				knows(t, p.server, who, "/api/v1/namespaces/"+namespace+"/configmaps")
				configMap(t, p.cluster, namespace, "one", "x")
			}
			holds := start(t, who)
			in := func(namespace string, want ...string) {
				t.Helper()
				eventually(t, namespace, func() error {
					have, err := holds(t.Context(), namespace)
					have = slices.DeleteFunc(have, func(name string) bool { return name == "kube-root-ca.crt" })
					slices.Sort(have)
					if err == nil && !slices.Equal(have, want) {
						err = fmt.Errorf("have %v, want %v", have, want)
					}
					return err
				})
			}
			in(mine, "one")
			in(other, "one")
			must(t, p.cluster.Client.RbacV1().RoleBindings(other).DeleteCollection(t.Context(), metav1.DeleteOptions{}, metav1.ListOptions{}))
			in(other)
			configMap(t, p.cluster, other, "two", "x")
			configMap(t, p.cluster, mine, "two", "x")
			in(mine, "one", "two")
			in(other)
			grant(t, p.cluster, who, other, readConfigMaps)
			in(other, "one", "two")
		})
	}
}

func clientGoInformer(t *testing.T, who *testenv.Identity) namesHeld {
	t.Helper()
	informer, err := typedInformer(shared.Front.Config(shared.East, who.Config), "", nil)
	must(t, err)
	syncs(t, informer, informer.HasSynced)
	return func(_ context.Context, namespace string) (names []string, err error) {
		err = cache.ListAllByNamespace(informer.GetIndexer(), namespace, labels.Everything(), func(object any) {
			names = append(names, object.(*corev1.ConfigMap).Name)
		})
		return names, err
	}
}

func controllerRuntimeCache(t *testing.T, who *testenv.Identity) namesHeld {
	t.Helper()
	reader, err := ctrlcache.New(shared.Front.Config(shared.East, who.Config), ctrlcache.Options{})
	must(t, err)
	runs(t, func(ctx context.Context) { check(t, "the cache", reader.Start(ctx)) })
	if !reader.WaitForCacheSync(t.Context()) {
		t.Fatal("not synced")
	}
	return func(ctx context.Context, namespace string) ([]string, error) {
		var maps corev1.ConfigMapList
		err := reader.List(ctx, &maps, client.InNamespace(namespace))
		var names []string
		for _, item := range maps.Items {
			names = append(names, item.Name)
		}
		return names, err
	}
}
