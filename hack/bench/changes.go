package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"
)

// changeResult is what a list cost just after some pods changed: medians over the rounds.
type changeResult struct {
	pods, changed int
	server        string
	absorb        time.Duration // CPU time for one change, until it can be seen
	sample                      // of the list that follows
}

// changed is how many pods change before a list: one percent, and no fewer than can be told from noise.
func (w *world) changed() int { return max(w.pods/100, 10) }

// measureChanges lists all pods, gzip, right after one percent of them changed.
func (w *world) measureChanges(ctx context.Context, c *cache, r *report) error {
	say("%d pods: lists after changes", w.pods)
	servers, err := w.servers(c)
	if err != nil {
		return err
	}
	writer, err := newWriter(ctx, w.plane.Config())
	if err != nil {
		return err
	}
	samples := make([][]changeResult, len(servers))
	for range w.rounds() {
		for i, s := range servers {
			one, err := w.changeAndList(ctx, writer, servers, s)
			if err != nil {
				return err
			}
			samples[i] = append(samples[i], one)
		}
	}
	for i, s := range servers {
		r.changes = append(r.changes, changeResult{
			pods: w.pods, changed: w.changed(), server: s.name,
			absorb: medianOf(samples[i], func(c changeResult) time.Duration { return c.absorb }),
			sample: sample{
				each:  medianOf(samples[i], func(c changeResult) time.Duration { return c.each }),
				cpu:   medianOf(samples[i], func(c changeResult) time.Duration { return c.cpu }),
				bytes: medianOf(samples[i], func(c changeResult) int64 { return c.bytes }),
			},
		})
	}
	return nil
}

// changeAndList changes pods, waits until both servers have it, and has one of them list. It lists once before, not
// measured: what changed in the other server's turn is not to be made up for now.
func (w *world) changeAndList(ctx context.Context, writer *writer, servers []server, s server) (changeResult, error) {
	list := job{Paths: []string{listQuery}, Gzip: true, Lists: 1, Callers: 1}
	if _, err := w.measure(s, list); err != nil {
		return changeResult{}, err
	}
	before, err := cpuTime(s.pids...)
	if err != nil {
		return changeResult{}, err
	}
	version, err := writer.change(ctx, w.changed())
	if err != nil {
		return changeResult{}, err
	}
	for _, s := range servers {
		path := fmt.Sprintf("%s?resourceVersion=%d", pathOf(writer.pods[0]), version)
		if _, err := fetch(ctx, s.target, path, false); err != nil { // the answer comes once that version is there
			return changeResult{}, fmt.Errorf("wait for %s: %w", s.name, err)
		}
	}
	after, err := cpuTime(s.pids...)
	if err != nil {
		return changeResult{}, err
	}
	one, err := w.measure(s, list)
	return changeResult{absorb: (after - before) / time.Duration(w.changed()), sample: one}, err
}

// writer changes pods.
type writer struct {
	client kubernetes.Interface
	pods   []types.NamespacedName
	random *rand.Rand
	round  int
}

// newWriter learns which pods there are.
func newWriter(ctx context.Context, config *rest.Config) (*writer, error) {
	names, err := metadata.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	list, err := names.Resource(corev1.SchemeGroupVersion.WithResource("pods")).List(ctx, metav1.ListOptions{ResourceVersion: "0"})
	if err != nil {
		return nil, fmt.Errorf("list names: %w", err)
	}
	w := &writer{random: rand.New(rand.NewPCG(1, 2))} //nolint:gosec // the same pods in each run
	for _, item := range list.Items {
		w.pods = append(w.pods, types.NamespacedName{Namespace: item.Namespace, Name: item.Name})
	}
	config.ContentType = "application/vnd.kubernetes.protobuf"
	w.client, err = kubernetes.NewForConfig(config)
	return w, err
}

// change gives n pods, anywhere in the list, another label, and returns the version of the last change.
func (w *writer) change(ctx context.Context, n int) (uint64, error) {
	w.round++
	patch := fmt.Appendf(nil, `{"metadata":{"labels":{"bench-round":"r%d"}}}`, w.round)
	versions := make([]uint64, n)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(8)
	for i, at := range w.random.Perm(len(w.pods))[:n] {
		group.Go(func() (err error) {
			versions[i], err = w.patch(ctx, w.pods[at], patch)
			return err
		})
	}
	err := group.Wait()
	last := uint64(0)
	for _, version := range versions {
		last = max(last, version)
	}
	return last, err
}

// pathOf is a pod's path.
func pathOf(pod types.NamespacedName) string {
	return "/api/v1/namespaces/" + pod.Namespace + "/pods/" + pod.Name
}

// patch returns the version that a pod has after it.
func (w *writer) patch(ctx context.Context, pod types.NamespacedName, patch []byte) (uint64, error) {
	after, err := w.client.CoreV1().Pods(pod.Namespace).Patch(ctx, pod.Name, types.MergePatchType, patch, metav1.PatchOptions{})
	if err != nil {
		return 0, fmt.Errorf("change a pod: %w", err)
	}
	return strconv.ParseUint(after.ResourceVersion, 10, 64)
}
