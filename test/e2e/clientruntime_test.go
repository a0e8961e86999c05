package e2e

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	applycorev1 "k8s.io/client-go/applyconfigurations/core/v1"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// TestControllerRuntimeCache fills the cache of controller-runtime from both servers while things happen.
func TestControllerRuntimeCache(t *testing.T) {
	p := eastPair()
	ns := quietNamespace(t, p.cluster)
	configMap(t, p.cluster, ns, "before", "x")
	known(t, p, ns, "before")
	metadata := &metav1.PartialObjectMetadata{}
	metadata.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("ConfigMap"))
	unstructuredMap := &unstructured.Unstructured{}
	unstructuredMap.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("ConfigMap"))
	for name, kind := range map[string]client.Object{"typed": &corev1.ConfigMap{}, "unstructured": unstructuredMap, "metadata": metadata} {
		t.Run(name, func(t *testing.T) {
			direct, _ := fill(t, p.cluster.Admin.Config, ns, kind)
			cached, reader := fill(t, shared.Front.Config(p.cluster, p.cluster.Admin.Config), ns, kind)
			last := unique("last")
			happenings(t, p.cluster, ns, last)
			want := there(t, p.cluster, ns, "")
			direct.waits(t, "direct", want)
			cached.waits(t, "cached", want)
			cached.sameAs(t, direct)
			found := kind.DeepCopyObject().(client.Object)
			must(t, reader.Get(t.Context(), client.ObjectKey{Namespace: ns, Name: last}, found))
			if found.GetLabels()["chosen"] != "yes" {
				t.Errorf("labels %v", found.GetLabels())
			}
			must(t, p.cluster.Client.CoreV1().ConfigMaps(ns).DeleteCollection(t.Context(), metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: "chosen"}))
		})
	}
}

// fill runs a cache of one kind until the test ends.
func fill(t *testing.T, config *rest.Config, ns string, kind client.Object) (*seen, client.Reader) {
	t.Helper()
	c, err := cache.New(config, cache.Options{DefaultNamespaces: map[string]cache.Config{ns: {}}})
	must(t, err)
	informer, err := c.GetInformer(t.Context(), kind, cache.BlockUntilSynced(false))
	must(t, err)
	s := newSeen()
	registration, err := informer.AddEventHandler(s)
	must(t, err)
	runs(t, func(ctx context.Context) { check(t, "cache", c.Start(ctx)) })
	eventually(t, "the cache", func() error {
		if !registration.HasSynced() {
			return errors.New("not synced")
		}
		return nil
	})
	return s, c
}

// TestControllerRuntimeClient writes and reads with the client of controller-runtime, each read right after its write. It
// notes what it gets, which must be the same from both servers.
func TestControllerRuntimeClient(t *testing.T) {
	p := eastPair()
	direct := work(t, p.cluster.Admin.Config, quietNamespace(t, p.cluster))
	cached := work(t, shared.Front.Config(p.cluster, p.cluster.Admin.Config), quietNamespace(t, p.cluster))
	if diff := cmp.Diff(direct, cached); diff != "" || len(direct) < 20 {
		t.Errorf("after %d notes (-direct +cached):\n%s", len(direct), diff)
	}
}

// worker is a client with its notes.
type worker struct {
	client.Client
	ns    string
	notes []string
}

func (w *worker) note(what string, value any, err error) {
	if err != nil {
		value = apierrors.ReasonForError(err)
	}
	w.notes = append(w.notes, strings.ReplaceAll(fmt.Sprintf("%s: %v", what, value), w.ns, "NS"))
}

// work is what a controller does all day.
func work(t *testing.T, config *rest.Config, ns string) []string {
	t.Helper()
	plain, err := client.New(config, client.Options{})
	must(t, err)
	w, ctx := &worker{Client: plain, ns: ns}, t.Context()
	object := func(name string) *corev1.ConfigMap {
		return &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: ns, Name: name, Labels: map[string]string{"app": "work"}}, Data: map[string]string{"key": "made"}}
	}
	read := func(name string) *corev1.ConfigMap {
		found := &corev1.ConfigMap{}
		err := w.Get(ctx, client.ObjectKey{Namespace: ns, Name: name}, found)
		w.note("get "+name, found.Data, err)
		return found
	}
	names := func(what string, options ...client.ListOption) string {
		found := &corev1.ConfigMapList{}
		err := w.List(ctx, found, append(options, client.InNamespace(ns))...)
		var names []string
		for i := range found.Items {
			names = append(names, found.Items[i].Name)
		}
		w.note("list "+what, names, err)
		return found.Continue
	}
	for _, name := range []string{"one", "two", "three"} {
		w.note("create "+name, nil, w.Create(ctx, object(name)))
		read(name)
	}
	w.note("create again", nil, w.Create(ctx, object("one")))
	one := read("one")
	one.Data["key"] = "updated"
	w.note("update", nil, w.Update(ctx, one))
	stale := read("one").DeepCopy()
	stale.ResourceVersion = "1"
	w.note("update what was", nil, w.Update(ctx, stale))
	two := read("two")
	before := two.DeepCopy()
	two.Data["key"] = "patched"
	w.note("patch", nil, w.Patch(ctx, two, client.MergeFrom(before)))
	read("two")
	applied := applycorev1.ConfigMap("applied", ns).WithLabels(map[string]string{"app": "work"}).WithData(map[string]string{"key": "applied"})
	w.note("apply", nil, w.Apply(ctx, applied, client.FieldOwner("e2e"), client.ForceOwnership))
	read("applied")
	names("all")
	names("by label", client.MatchingLabels{"app": "work"})
	names("by name", client.MatchingFields{"metadata.name": "two"})
	for next := names("a page", client.Limit(2)); next != ""; {
		next = names("another page", client.Limit(2), client.Continue(next))
	}
	partial := &metav1.PartialObjectMetadataList{}
	partial.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("ConfigMapList"))
	err = w.List(ctx, partial, client.InNamespace(ns))
	w.note("list metadata", len(partial.Items), err)
	w.note("delete", nil, w.Delete(ctx, object("three")))
	read("three")
	w.note("delete again", nil, w.Delete(ctx, object("three")))
	w.note("delete all", nil, w.DeleteAllOf(ctx, object(""), client.InNamespace(ns), client.MatchingLabels{"app": "work"}))
	names("what is left")
	return w.notes
}
