package e2e

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"

	"github.com/k8cache/k8cache/hack/testenv"
)

var (
	podResource    = schema.GroupVersionResource{Version: "v1", Resource: "pods"}
	widgetResource = schema.GroupVersionResource{Group: "e2e.k8cache.dev", Version: "v1", Resource: "widgets"}
)

// TestMetadataInformers fills client-go's metadata informers, on which controller-runtime's PartialObjectMetadata caches
// stand, from k8cache. They prefer protobuf, which who sees all gets from the API server, and who sees a part as JSON from
// memory; what they hold must be the same.
func TestMetadataInformers(t *testing.T) {
	p := eastPair()
	part := readerOfThree(t, p)
	for name, test := range map[string]struct {
		who        *testenv.Identity
		resource   schema.GroupVersionResource
		namespaces []string // empty: all
	}{
		"all pods":         {p.cluster.Admin, podResource, nil},
		"custom resources": {p.cluster.Admin, widgetResource, nil},
		"a part":           {part, podResource, three},
	} {
		t.Run(name, func(t *testing.T) {
			want := map[string]*metav1.PartialObjectMetadata{}
			namespaces := []string{""}
			if test.namespaces != nil {
				namespaces = nil
				for _, name := range test.namespaces {
					namespaces = append(namespaces, p.cluster.Namespace(name))
				}
			}
			client, err := metadata.NewForConfig(test.who.Config)
			must(t, err)
			for _, namespace := range namespaces {
				list, err := client.Resource(test.resource).Namespace(namespace).List(t.Context(), metav1.ListOptions{})
				must(t, err)
				for i := range list.Items {
					want[list.Items[i].Namespace+"/"+list.Items[i].Name] = &list.Items[i]
				}
			}
			got := informed(t, shared.Front.Config(p.cluster, test.who.Config), test.resource)
			if diff := cmp.Diff(want, got); diff != "" || len(want) == 0 {
				t.Errorf("of %d objects (-direct +informer): %s", len(want), cut(diff))
			}
		})
	}
}

// informed is what an informer holds once it is synced.
func informed(t *testing.T, config *rest.Config, resource schema.GroupVersionResource) map[string]*metav1.PartialObjectMetadata {
	t.Helper()
	client, err := metadata.NewForConfig(config)
	must(t, err)
	factory := metadatainformer.NewSharedInformerFactory(client, 0)
	informer := factory.ForResource(resource).Informer()
	factory.Start(t.Context().Done())
	t.Cleanup(factory.Shutdown)
	if !cache.WaitForCacheSync(t.Context().Done(), informer.HasSynced) {
		t.Fatal("not synced")
	}
	held := map[string]*metav1.PartialObjectMetadata{}
	for _, item := range informer.GetStore().List() {
		object, ok := item.(*metav1.PartialObjectMetadata)
		if !ok {
			t.Fatalf("the informer holds a %T", item)
		}
		held[object.Namespace+"/"+object.Name] = object
	}
	return held
}
