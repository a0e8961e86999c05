package e2e

import (
	"context"
	"sync"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	informers "k8s.io/client-go/informers/core/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

// informed is a way of client-go to follow the config maps of a namespace (empty: of all).
type informed func(config *rest.Config, namespace string, tweak func(*metav1.ListOptions)) (cache.SharedIndexInformer, error)

func typedInformer(config *rest.Config, namespace string, tweak func(*metav1.ListOptions)) (cache.SharedIndexInformer, error) {
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	return informers.NewFilteredConfigMapInformer(client, namespace, 0, cache.Indexers{cache.NamespaceIndex: cache.MetaNamespaceIndexFunc}, tweak), nil
}

func jsonInformer(config *rest.Config, namespace string, tweak func(*metav1.ListOptions)) (cache.SharedIndexInformer, error) {
	config = rest.CopyConfig(config)
	config.ContentType = runtime.ContentTypeJSON
	return typedInformer(config, namespace, tweak)
}

func dynamicInformer(config *rest.Config, namespace string, tweak func(*metav1.ListOptions)) (cache.SharedIndexInformer, error) {
	return dynamicInformerOf(configMaps)(config, namespace, tweak)
}

func dynamicInformerOf(resource schema.GroupVersionResource) informed {
	return func(config *rest.Config, namespace string, tweak func(*metav1.ListOptions)) (cache.SharedIndexInformer, error) {
		client, err := dynamic.NewForConfig(config)
		if err != nil {
			return nil, err
		}
		return dynamicinformer.NewFilteredDynamicInformer(client, resource, namespace, 0, cache.Indexers{}, tweak).Informer(), nil
	}
}

func metadataInformer(config *rest.Config, namespace string, tweak func(*metav1.ListOptions)) (cache.SharedIndexInformer, error) {
	client, err := metadata.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	return metadatainformer.NewFilteredMetadataInformer(client, configMaps, namespace, 0, cache.Indexers{}, tweak).Informer(), nil
}

// follow runs an informer until the test ends, and returns what it is told once it is synced.
func follow(t *testing.T, make informed, config *rest.Config, namespace string, tweak func(*metav1.ListOptions)) *seen {
	t.Helper()
	informer, err := make(config, namespace, tweak)
	must(t, err)
	s := newSeen()
	registration, err := informer.AddEventHandler(s)
	must(t, err)
	syncs(t, informer, registration.HasSynced)
	return s
}

// syncs runs an informer until the test ends, and returns once it is synced.
func syncs(t *testing.T, informer cache.SharedIndexInformer, synced cache.InformerSynced) {
	t.Helper()
	runs(t, informer.RunWithContext)
	if !cache.WaitForCacheSync(t.Context().Done(), synced) {
		t.Fatal("not synced")
	}
}

// runs runs something until the test ends, and waits for it then.
func runs(t *testing.T, run func(context.Context)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { run(ctx) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
}

// refusedInformer is the reason for which an informer of all config maps gets nothing.
func refusedInformer(t *testing.T, config *rest.Config) string {
	t.Helper()
	informer, err := typedInformer(config, "", nil)
	must(t, err)
	reasons := make(chan string, 1)
	must(t, informer.SetWatchErrorHandlerWithContext(func(_ context.Context, _ *cache.Reflector, err error) {
		select {
		case reasons <- string(apierrors.ReasonForError(err)):
		default: // one is enough
		}
	}))
	runs(t, informer.RunWithContext)
	select {
	case reason := <-reasons:
		return reason
	case <-time.After(soon):
		return "none"
	}
}
