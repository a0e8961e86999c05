package e2e

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/metadata"

	"github.com/k8cache/k8cache/hack/testenv"
)

// TestMetadataInformers fills client-go's metadata informers, on which controller-runtime's PartialObjectMetadata caches
// stand, from k8cache, and follows a change. They prefer protobuf, which who sees all gets from the API server, and who
// sees a part as JSON from memory; what they hold must be the same.
func TestMetadataInformers(t *testing.T) {
	p := eastPair()
	part := user(t, p.cluster)
	seen, other := namespace(t, p.cluster), namespace(t, p.cluster)
	grant(t, p.cluster, part, seen, readConfigMaps)
	configMap(t, p.cluster, seen, "before", "x")
	configMap(t, p.cluster, other, "hidden", "x")
	for name, test := range map[string]struct {
		who       *testenv.Identity
		namespace string // of what is seen; empty: all
	}{
		"all":    {p.cluster.Admin, ""},
		"a part": {part, seen},
	} {
		t.Run(name, func(t *testing.T) {
			direct, err := metadata.NewForConfig(test.who.Config)
			must(t, err)
			informer, err := metadataInformer(shared.Front.Config(p.cluster, test.who.Config), "", nil)
			must(t, err)
			syncs(t, informer, informer.HasSynced)
			configMap(t, p.cluster, seen, unique("after"), "x")
			eventually(t, "the same", func() error {
				list, err := direct.Resource(configMaps).Namespace(test.namespace).List(t.Context(), metav1.ListOptions{})
				must(t, err)
				var want, got []metav1.ObjectMeta
				for _, item := range list.Items {
					want = append(want, item.ObjectMeta)
				}
				for _, item := range informer.GetStore().List() {
					if object, ok := item.(*metav1.PartialObjectMetadata); ok {
						got = append(got, object.ObjectMeta)
					}
				}
				slices.SortFunc(want, byUID)
				slices.SortFunc(got, byUID)
				if diff := cmp.Diff(want, got); diff != "" || len(want) < 2 {
					return errors.New("-direct +informer: " + cut(diff))
				}
				return nil
			})
		})
	}
}

func byUID(a, b metav1.ObjectMeta) int { return strings.Compare(string(a.UID), string(b.UID)) }
