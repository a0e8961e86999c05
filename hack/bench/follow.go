package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"k8s.io/apimachinery/pkg/types"
)

// follower makes writes, one after the other, and takes the time until they are seen.
type follower struct {
	world           *world
	through, direct *arrivals
	reader          *reader
	result          *visibleResult
}

// run takes turns: every other write is looked for by asking, because asking without a pause takes CPU time from all.
func (f *follower) run(ctx context.Context) error {
	writer, err := newWriter(ctx, f.world.plane.Config())
	if err != nil {
		return err
	}
	tick := time.NewTicker(pause)
	defer tick.Stop()
	for i := range 2 * f.world.options.samples {
		if err := f.one(ctx, writer, i); err != nil {
			return err
		}
		<-tick.C
	}
	return nil
}

func (f *follower) one(ctx context.Context, writer *writer, i int) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	pod := f.world.probes[i%probes]
	patch := fmt.Appendf(nil, `{"metadata":{"labels":{"%s":"p%dx"}}}`, marker, i)
	if _, err := writer.patch(ctx, pod, patch); err != nil {
		return err
	}
	answered := time.Now()
	if i%2 == 0 {
		seen, err := f.reader.until(ctx, pod, i)
		if err != nil {
			return err
		}
		f.result.get = append(f.result.get, seen.Sub(answered))
		return nil
	}
	seen, err := f.through.wait(ctx, i)
	if err != nil {
		return fmt.Errorf("watch through k8cache: %w", err)
	}
	f.result.watch = append(f.result.watch, seen.Sub(answered))
	if seen, err = f.direct.wait(ctx, i); err != nil {
		return fmt.Errorf("watch of the API server: %w", err)
	}
	f.result.direct = append(f.result.direct, seen.Sub(answered))
	return nil
}

// reader asks for objects on a connection that it keeps.
type reader struct {
	target target
	client *http.Client
}

func newReader(t target) *reader { return &reader{target: t, client: t.client()} }

// until asks for a pod until write i is seen, without a pause, and returns when the answer that had it was there.
func (r *reader) until(ctx context.Context, pod types.NamespacedName, i int) (time.Time, error) {
	for {
		body, err := r.get(ctx, pathOf(pod))
		if err != nil {
			return time.Time{}, err
		}
		if n, ok := markOf(body); ok && n >= i {
			return time.Now(), nil
		}
	}
}

func (r *reader) get(ctx context.Context, path string) (body []byte, err error) {
	answer, err := r.target.ask(ctx, r.client, path, false)
	if err != nil {
		return nil, fmt.Errorf("get a probe: %w", err)
	}
	body, err = io.ReadAll(answer.Body)
	return body, errors.Join(err, answer.Body.Close())
}
