package loadgen

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/rest"
)

// Stats say what a run did.
type Stats struct {
	// Writes is how many objects were created (Populate) or how many changes were made (Churn).
	Writes int
	// Skipped is how many were not, as the object was there already (or, with Churn, gone already).
	Skipped int
	// Failed is how many writes Churn tried in vain, and LastError what the last of them was told.
	Failed    int
	LastError error
	// Took is how long it was at it.
	Took time.Duration
}

// step is the writing of all objects of a kind.
type step struct {
	kind  string
	count int
	write func(ctx context.Context, number int) error
}

// Populate writes the objects that options say and returns when all are there. Objects that exist are left alone.
func Populate(ctx context.Context, config *rest.Config, options Options) (Stats, error) {
	began := time.Now()
	w, err := newWriter(config, options)
	if err != nil {
		return Stats{}, err
	}
	if w.plan.options.Widgets > 0 {
		if err := defineWidgets(ctx, w.crds); err != nil {
			return Stats{}, err
		}
	}
	var stats Stats
	for _, step := range w.steps() {
		written, err := w.run(ctx, step)
		stats.Writes += written
		if err != nil {
			return stats, fmt.Errorf("populate: create %s: %w", step.kind, err)
		}
		stats.Skipped += step.count - written
	}
	stats.Took = time.Since(began)
	return stats, nil
}

func (w *writer) steps() []step {
	counts := w.plan.options.Counts
	return []step{
		{"namespaces", w.plan.options.Namespaces, w.createNamespace},
		{"config maps", counts.ConfigMaps, w.createConfigMap},
		{"services", counts.Services, w.createService},
		{"deployments", counts.Deployments, w.createDeployment},
		{"replica sets", counts.ReplicaSets, w.createReplicaSet},
		{"pods", counts.Pods, w.createPod},
		{"widgets", counts.Widgets, w.createWidget},
		{"events", counts.Events, w.createEvent},
	}
}

// run writes the objects of one step and returns how many were not there before.
func (w *writer) run(ctx context.Context, step step) (int, error) {
	progress := newProgress(w.plan.options.Progress, step.kind, step.count)
	defer progress.finish()
	var written atomic.Int64
	group, groupCtx := errgroup.WithContext(ctx)
	group.SetLimit(w.plan.options.Workers)
	for number := range step.count {
		if groupCtx.Err() != nil {
			break
		}
		group.Go(func() error {
			err := step.write(groupCtx, number)
			if err == nil {
				written.Add(1)
			} else if !apierrors.IsAlreadyExists(err) {
				return err
			}
			progress.add(1)
			return nil
		})
	}
	err := group.Wait()
	if err == nil {
		err = ctx.Err()
	}
	return int(written.Load()), err
}
