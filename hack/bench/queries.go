package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// queryCase is something that a frontend asks while somebody looks at it.
type queryCase struct {
	name, query string
	// client does the same with all pods, and says how many it would show.
	client func(pods []corev1.Pod) int
}

// queryResult is what a query took.
type queryResult struct {
	pods      int
	who, name string
	first     time.Duration // before anybody had asked it
	again     sample
	download  time.Duration // all pods from the API server, decoded
	client    time.Duration // and the same done with them
}

func queryCases() []queryCase {
	return []queryCase{
		{"first page of 100 by age", "sortBy=-metadata.creationTimestamp&limit=100", func(pods []corev1.Pod) int { return len(page(byAge(pods), 0)) }},
		{"page 50 by name", "sortBy=metadata.name&limit=100&offset=4900", func(pods []corev1.Pod) int { return len(page(byName(pods), 4900)) }},
		{"label filter, by age", "labelSelector=" + url.QueryEscape("tier=backend") + "&sortBy=-metadata.creationTimestamp&limit=100", func(pods []corev1.Pod) int {
			return len(page(byAge(only(pods, func(p corev1.Pod) bool { return p.Labels["tier"] == "backend" })), 0))
		}},
		{"three letters, by age", "search=rke&sortBy=-metadata.creationTimestamp&limit=50", func(pods []corev1.Pod) int {
			return len(page(byAge(only(pods, func(p corev1.Pod) bool { return strings.Contains(p.Name, "rke") })), 0))
		}},
		{"count by phase", "aggregate=status.phase", func(pods []corev1.Pod) int {
			counts := map[corev1.PodPhase]int{}
			for _, pod := range pods {
				counts[pod.Status.Phase]++
			}
			return len(counts)
		}},
	}
}

func byAge(pods []corev1.Pod) []corev1.Pod {
	slices.SortStableFunc(pods, func(a, b corev1.Pod) int { return b.CreationTimestamp.Compare(a.CreationTimestamp.Time) })
	return pods
}

func byName(pods []corev1.Pod) []corev1.Pod {
	slices.SortStableFunc(pods, func(a, b corev1.Pod) int { return cmp.Compare(a.Name, b.Name) })
	return pods
}

func only(pods []corev1.Pod, keep func(corev1.Pod) bool) []corev1.Pod {
	return slices.DeleteFunc(slices.Clone(pods), func(p corev1.Pod) bool { return !keep(p) })
}

func page(pods []corev1.Pod, offset int) []corev1.Pod {
	from := min(offset, len(pods))
	return pods[from:min(from+100, len(pods))]
}

// measureQueries measures queries as somebody who may see everything and as somebody who may see a tenth of the
// namespaces, beside doing the same in a client.
func (w *world) measureQueries(ctx context.Context, c *cache, r *report) error {
	say("%d pods: queries", w.pods)
	if _, err := fetch(ctx, c.seenBy(w.admin), listPath+"?limit=1", false); err != nil { // synced
		return err
	}
	tenth := slices.Concat(w.every(20, 5), w.every(20, 15))
	if err := w.grantTo(ctx, readers, tenth); err != nil {
		return err
	}
	if _, err := w.waitSeen(ctx, c, w.readers, tenth); err != nil {
		return err
	}
	began := time.Now()
	pods, err := w.download(ctx)
	if err != nil {
		return err
	}
	downloaded := time.Since(began)
	for _, one := range queryCases() {
		began := time.Now()
		one.client(pods)
		took := time.Since(began)
		for who, target := range map[string]target{everythingSeen: c.seenBy(w.admin), tenthSeen: c.seenBy(w.readers)} {
			result, err := w.measureQuery(server{name: ours, target: target, pids: []int{c.Pid()}}, listPath+"?"+one.query)
			if err != nil {
				return err
			}
			result.pods, result.who, result.name, result.download, result.client = w.pods, who, one.name, downloaded, downloaded+took
			r.queries = append(r.queries, result)
		}
	}
	return w.measureKeystrokes(c, r)
}

// Who asks, in tables.
const (
	everythingSeen = "everything"
	tenthSeen      = "a tenth of the namespaces"
)

// measureQuery asks once, and then again and again.
func (w *world) measureQuery(s server, path string) (queryResult, error) {
	first, err := w.measure(s, job{Paths: []string{path}, Gzip: false, Lists: 1, Callers: 1})
	if err != nil {
		return queryResult{}, err
	}
	var samples []sample
	for range w.rounds() {
		again, err := w.measure(s, job{Paths: []string{path}, Gzip: false, Lists: 50, Callers: 1})
		if err != nil {
			return queryResult{}, err
		}
		samples = append(samples, again)
	}
	return queryResult{first: first.each, again: middle(samples)}, nil
}

// measureKeystrokes searches for three letters that nobody has searched for before, each time others.
func (w *world) measureKeystrokes(c *cache, r *report) error {
	s := server{name: ours, target: c.seenBy(w.admin), pids: []int{c.Pid()}}
	const letters = "bcdfghjklmnpqrstvwxz"
	var samples []sample
	for i := range 100 {
		word := string([]byte{letters[i*7%20], letters[i*3%20], letters[i%20]})
		one, err := w.measure(s, job{Paths: []string{listPath + "?search=" + word + "&sortBy=-metadata.creationTimestamp&limit=50"}, Lists: 1, Callers: 1})
		if err != nil {
			return err
		}
		samples = append(samples, one)
	}
	r.queries = append(r.queries, queryResult{pods: w.pods, who: everythingSeen, name: "three other letters each time, by age", again: middle(samples)})
	return nil
}

// download gets all pods from the API server as a client does that sorts them itself.
func (w *world) download(ctx context.Context) ([]corev1.Pod, error) {
	body, err := fetch(ctx, w.direct(w.admin), listQuery, false)
	if err != nil {
		return nil, err
	}
	var list corev1.PodList
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, fmt.Errorf("decode all pods: %w", err)
	}
	return list.Items, nil
}

// queryTable is what queries took, in all worlds.
func (r *report) queryTable() table {
	t := table{{"query", "pods", "caller may see", "first time", "again", "server CPU", "sent", "in a client", "in a client: of again"}}
	for _, q := range r.queries {
		first, client, of := none, none, none
		if q.first > 0 {
			first, client, of = millis(q.first), millis(q.client), times(ratio(q.client, q.again.each))
		}
		t.row(q.name, strconv.Itoa(q.pods), q.who, first, millis(q.again.each), millis(q.again.cpu), megabytes(q.again.bytes), client, of)
	}
	return t
}
