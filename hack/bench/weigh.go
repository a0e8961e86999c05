package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// weigh has k8cache collect its garbage, and notes what memory it has in use.
func (c *cache) weigh(ctx context.Context, s *synced) error {
	for range 2 { // what pools keep goes at the second
		if _, err := c.admin(ctx, "/debug/pprof/heap?gc=1"); err != nil {
			return err
		}
	}
	metrics, err := c.admin(ctx, "/metrics")
	if err != nil {
		return err
	}
	if s.Heap, err = parseMetric(string(metrics), "go_memstats_heap_alloc_bytes"); err != nil {
		return err
	}
	resident, err := memoryOf(c.Pid())
	if err != nil {
		return err
	}
	s.RSS, s.Peak = resident.now, resident.peak
	s.Objects, err = c.objects(ctx)
	return err
}

// admin asks the admin listener.
func (c *cache) admin(ctx context.Context, path string) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.AdminURL+path, nil)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close() //nolint:errcheck // only read from
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("get %s: %s", path, answer.Status)
	}
	return io.ReadAll(answer.Body)
}

// objects is how many pods k8cache has.
func (c *cache) objects(ctx context.Context) (int, error) {
	text, err := c.admin(ctx, "/k8cache/v1/status")
	if err != nil {
		return 0, err
	}
	var page struct {
		Clusters []struct {
			Collections []struct {
				Resource string
				Objects  int
			}
		}
	}
	if err := json.Unmarshal(text, &page); err != nil {
		return 0, fmt.Errorf("status: %w", err)
	}
	for _, cluster := range page.Clusters {
		for _, collection := range cluster.Collections {
			if collection.Resource == "pods" {
				return collection.Objects, nil
			}
		}
	}
	return 0, errors.New("status: pods are not kept")
}

// parseMetric reads one metric without labels out of Prometheus' text format.
func parseMetric(metrics, name string) (int64, error) {
	for line := range strings.Lines(metrics) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			number, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			return int64(number), err
		}
	}
	return 0, fmt.Errorf("no metric %s", name)
}

// restTime is how long k8cache is left alone for its memory to come to rest: two rounds of its packer, and one more.
const restTime = 20 * time.Second

// measureRest weighs k8cache after everything was read from it in both forms, and then nothing for a while.
func (w *world) measureRest(ctx context.Context, c *cache, r *report) error {
	say("%d pods: memory at rest", w.pods)
	for _, gzip := range []bool{true, false} {
		if _, err := fetch(ctx, c.seenBy(w.admin), listQuery, gzip); err != nil {
			return err
		}
	}
	timer := time.NewTimer(restTime)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	return c.weigh(ctx, &r.rest)
}
