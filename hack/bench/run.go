package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// measurement is one of the things that --only names.
type measurement struct {
	name    string
	growth  bool // made in every world, not only in the one of --pods
	measure func(context.Context, *cache, *report) error
}

// run measures in worlds of each size, one after the other. With an error it returns what it had measured until then.
func run(ctx context.Context, o options) (*report, error) {
	began := time.Now()
	r := &report{options: o, machine: machine()}
	for _, pods := range o.worlds() {
		err := inWorld(ctx, o, pods, func(w *world) error { return w.measureAll(ctx, r) })
		if err != nil {
			return r, fmt.Errorf("with %d pods: %w", pods, err)
		}
	}
	r.took = time.Since(began)
	return r, nil
}

// measureAll makes the measurements that are wanted in a world of this size. Sync comes first, while nothing else runs.
func (w *world) measureAll(ctx context.Context, r *report) (err error) {
	if w.options.wants("sync") {
		if err := w.measureSync(ctx, r); err != nil {
			return err
		}
	}
	c, err := w.startCache(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Stop()) }()
	for _, m := range []measurement{
		{"lists", true, w.measureLists},
		{"scope", false, w.measureScope},
		{"queries", true, w.measureQueries},
		{"changes", true, w.measureChanges},
		{"rest", false, w.measureRest},
		{"visible", false, w.measureVisible},
		{"watchers", false, w.measureWatchers},
	} {
		if !w.options.wants(m.name) || !w.main() && !m.growth {
			continue
		}
		if err := m.measure(ctx, c, r); err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
	}
	return nil
}
