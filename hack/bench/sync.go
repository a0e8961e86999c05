package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Who reads all pods of an API server.
const (
	bare    = "bare reader"      // reads what k8cache reads, and throws it away
	typed   = "typed informer"   // client-go's, with protobuf
	dynamic = "dynamic informer" // client-go's for any resource, as generic frontends have it
)

// syncQuestion tells a child what to be.
type syncQuestion struct{ Kind, Kubeconfig string }

// synced is what it took to have all pods in memory, and what they take there.
type synced struct {
	Took, CPU time.Duration
	Heap      int64 // after collecting garbage
	RSS, Peak int64
	Objects   int
}

// syncResult is that as medians, for one kind of reader.
type syncResult struct {
	pods int
	kind string
	synced
}

// measureSync has all kinds of readers begin from nothing, in turns.
func (w *world) measureSync(ctx context.Context, r *report) error {
	say("%d pods: sync and memory", w.pods)
	kinds := []string{bare, ours, typed}
	if !w.large() {
		kinds = append(kinds, dynamic)
	}
	samples := map[string][]synced{}
	for range w.rounds() {
		for _, kind := range kinds {
			s, err := w.sync(ctx, kind)
			if err != nil {
				return fmt.Errorf("sync of %s: %w", kind, err)
			}
			if s.Objects != w.pods {
				return fmt.Errorf("sync of %s: %d pods, not %d", kind, s.Objects, w.pods)
			}
			samples[kind] = append(samples[kind], s)
		}
	}
	for _, kind := range kinds {
		r.syncs = append(r.syncs, syncResult{pods: w.pods, kind: kind, synced: middleSync(samples[kind])})
	}
	return nil
}

func (w *world) sync(ctx context.Context, kind string) (synced, error) {
	if kind == ours {
		return w.syncCache(ctx)
	}
	var s synced
	err := once(ctx, syncChild, syncQuestion{Kind: kind, Kubeconfig: w.kubeconfig()}, &s)
	return s, err
}

// syncCache starts a k8cache and asks for pods, which it then begins to read; the answer comes when it has them all.
func (w *world) syncCache(ctx context.Context) (s synced, err error) {
	c, err := w.startCache(ctx)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, c.Stop()) }()
	t := c.seenBy(w.admin)
	if _, err := fetch(ctx, t, "/api/v1/nodes", false); err != nil { // it knows the caller from now on
		return s, err
	}
	before, err := cpuTime(c.Pid())
	if err != nil {
		return s, err
	}
	began := time.Now()
	if _, err := fetch(ctx, t, listPath+"?limit=1", false); err != nil {
		return s, err
	}
	s.Took = time.Since(began)
	after, err := cpuTime(c.Pid())
	if err != nil {
		return s, err
	}
	s.CPU = after - before
	return s, c.weigh(ctx, &s)
}

// middleSync is the median of each figure.
func middleSync(samples []synced) synced {
	return synced{
		Took: medianOf(samples, func(s synced) time.Duration { return s.Took }),
		CPU:  medianOf(samples, func(s synced) time.Duration { return s.CPU }),
		Heap: medianOf(samples, func(s synced) int64 { return s.Heap }),
		RSS:  medianOf(samples, func(s synced) int64 { return s.RSS }),
		Peak: medianOf(samples, func(s synced) int64 { return s.Peak }),
	}
}

// findSync returns the result of one kind of reader; zero where it was not measured.
func findSync(results []syncResult, pods int, kind string) syncResult {
	for _, r := range results {
		if r.pods == pods && r.kind == kind {
			return r
		}
	}
	return syncResult{}
}
