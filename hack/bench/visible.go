package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

const (
	// pause lies between two writes that are followed: they are to be single writes among others.
	pause = 20 * time.Millisecond
	// patience is how long a write may take to be seen.
	patience = 10 * time.Second
	// probes is how many pods of ours take turns in being written. The background deletes others.
	probes = 20
	// cutShort is how many writes may be under way in the background when it is told to end: they fail.
	cutShort = 16
)

// visibleResult is how long after the API server's answer writes were seen, below zero where it was before.
type visibleResult struct {
	get    []time.Duration // by asking k8cache for the object again and again
	watch  []time.Duration // by a watch through k8cache
	direct []time.Duration // by the same watch of the API server itself
	rate   float64         // of writes in the background that there were
}

// measureVisible follows writes from the API server's answer until they are seen, while others write, too.
func (w *world) measureVisible(ctx context.Context, c *cache, r *report) (err error) {
	say("%d pods: from a write to its being seen", w.pods)
	if err := w.writeProbes(ctx); err != nil {
		return err
	}
	background, err := startChild(ctx, churnChild)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, background.stop()) }()
	question := churnQuestion{Kubeconfig: w.kubeconfig(), Pods: w.pods, Namespaces: w.options.namespaces, Rate: w.options.rate}
	if err := background.to.Encode(question); err != nil {
		return err
	}
	if err := w.follow(ctx, c, &r.visible); err != nil {
		return err
	}
	if err := background.finish(); err != nil {
		return err
	}
	var done churned
	if err := background.answer(&done); err != nil {
		return err
	}
	if done.Failed > cutShort {
		return fmt.Errorf("%d writes in the background failed", done.Failed)
	}
	r.visible.rate = float64(done.Writes) / done.Took.Seconds()
	return nil
}

// writeProbes makes pods of ours, as large as the others.
func (w *world) writeProbes(ctx context.Context) error {
	writer, err := newWriter(ctx, w.plane.Config())
	if err != nil {
		return err
	}
	like := writer.pods[len(writer.pods)/2]
	client := writer.client.CoreV1().Pods(like.Namespace)
	pod, err := client.Get(ctx, like.Name, metav1.GetOptions{})
	if err != nil {
		return err
	}
	status := pod.Status
	for i := range probes {
		meta := metav1.ObjectMeta{Name: probeName(i), Labels: pod.Labels, Annotations: pod.Annotations}
		made, err := client.Create(ctx, &corev1.Pod{ObjectMeta: meta, Spec: pod.Spec}, metav1.CreateOptions{})
		if err != nil {
			return fmt.Errorf("create probe: %w", err)
		}
		made.Status = status
		if _, err := client.UpdateStatus(ctx, made, metav1.UpdateOptions{}); err != nil {
			return fmt.Errorf("create probe: %w", err)
		}
		w.probes = append(w.probes, types.NamespacedName{Namespace: like.Namespace, Name: made.Name})
	}
	return nil
}

func probeName(i int) string { return fmt.Sprintf("bench-probe-%d", i) }

// follow writes and looks, with both watches open.
func (w *world) follow(ctx context.Context, c *cache, result *visibleResult) error {
	ctx, cancel := context.WithCancel(ctx)
	group, ctx := errgroup.WithContext(ctx)
	through, direct := newArrivals(), newArrivals()
	ready := make(chan struct{}, 2)
	group.Go(func() error { return through.watch(ctx, c.config(w.admin), ready) })
	group.Go(func() error { return direct.watch(ctx, w.admin.Config, ready) })
	group.Go(func() error {
		defer cancel() // which ends the watches
		for range 2 {
			select {
			case <-ready:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		f := &follower{world: w, through: through, direct: direct, reader: newReader(c.seenBy(w.admin)), result: result}
		return f.run(ctx)
	})
	return group.Wait()
}
