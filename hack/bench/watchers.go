package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
)

const (
	// watchedMaps is how many config maps take turns in being written, and watchedSize the text in each.
	watchedMaps, watchedSize = 50, 800
	watchedPath              = "/api/v1/configmaps"
	// maxWriting is how many writes are under way at most.
	maxWriting = 8
)

// watcherResult is what watchers cost a server: medians over the rounds.
type watcherResult struct {
	server  string
	socket  bool
	cpu     time.Duration // of the server, for an event to a watcher
	client  time.Duration // of the watchers' own process, likewise
	lag     time.Duration // from the last write's answer until all watchers had it
	rate    float64       // writes a second, as they came
	size    int64         // of an event
	correct int           // watchers that had every event once, in order
}

// measureWatchers has many watch one collection while it is written to, of each server in turns. What the writes take
// kube-apiserver is seen in k8cache's turn and taken off its own; k8cache's taking them in is left on its.
func (w *world) measureWatchers(ctx context.Context, c *cache, r *report) error {
	servers, err := w.servers(c)
	if err != nil {
		return err
	}
	writes, err := w.newWrites(ctx)
	if err != nil {
		return err
	}
	for _, socket := range []bool{false, true} {
		say("%d watchers, WebSocket: %t", w.options.watchers, socket)
		samples := make([][]watcherResult, len(servers))
		for range min(w.options.rounds, 3) {
			round, err := w.watchRound(ctx, writes, servers, socket)
			if err != nil {
				return err
			}
			for i := range servers {
				samples[i] = append(samples[i], round[i])
			}
		}
		for i := range servers {
			r.watchers = append(r.watchers, middleWatchers(samples[i]))
		}
	}
	return nil
}

// watchRound is one turn of each server. They stand in the order of servers: k8cache first.
func (w *world) watchRound(ctx context.Context, writes *writes, servers []server, socket bool) ([]watcherResult, error) {
	results := make([]watcherResult, len(servers))
	var beside time.Duration // what the writes take kube-apiserver
	for i, s := range servers {
		turn := watchTurn{world: w, writes: writes, watched: s, other: servers[1-i], socket: socket}
		one, other, err := turn.run(ctx)
		if err != nil {
			return nil, fmt.Errorf("watchers of %s: %w", s.name, err)
		}
		if s.name == ours {
			beside = other
		} else {
			one.cpu -= beside
		}
		one.server, one.socket = s.name, socket
		results[i] = one
	}
	events := time.Duration(w.options.watchers * w.options.events)
	for i := range results {
		results[i].cpu, results[i].client = results[i].cpu/events, results[i].client/events
	}
	return results, nil
}

// watchTurn is the watching of one server while another one is not watched.
type watchTurn struct {
	world          *world
	writes         *writes
	watched, other server
	socket         bool
}

// run returns CPU times of the whole turn, those of the other server beside.
func (t watchTurn) run(ctx context.Context) (r watcherResult, other time.Duration, err error) {
	o := t.world.options
	version, err := t.newest(ctx)
	if err != nil {
		return r, 0, err
	}
	child, err := startChild(ctx, watchChild)
	if err != nil {
		return r, 0, err
	}
	defer func() { err = errors.Join(err, child.stop()) }()
	var opened int
	question := watchQuestion{
		Target: t.watched.target, Path: watchedPath + "?watch=1&resourceVersion=" + version, Watchers: o.watchers, Events: o.events, Socket: t.socket,
	}
	if err := child.ask(question, &opened); err != nil {
		return r, 0, err
	}
	pids := [][]int{t.watched.pids, t.other.pids, {child.cmd.Process.Pid}}
	before, err := cpuTimes(pids)
	if err != nil {
		return r, 0, err
	}
	began := time.Now()
	versions, err := t.writes.run(ctx, o.events, o.watchRate)
	if err != nil {
		return r, 0, err
	}
	written := time.Now()
	var seen watched
	if err := child.answer(&seen); err != nil {
		return r, 0, err
	}
	lag := time.Since(written)
	after, err := cpuTimes(pids)
	if err != nil {
		return r, 0, err
	}
	return watcherResult{
		cpu: after[0] - before[0], client: after[2] - before[2], lag: lag, rate: float64(o.events) / written.Sub(began).Seconds(),
		size: seen.Bytes / int64(o.watchers*o.events), correct: seen.Digests[digestOf(versions)],
	}, after[1] - before[1], nil
}

// newest is a version from which both servers can be watched.
func (t watchTurn) newest(ctx context.Context) (string, error) {
	list, err := fetch(ctx, t.watched.target, watchedPath+"?limit=1", false)
	if err != nil {
		return "", err
	}
	version, err := versionIn(list)
	return strconv.FormatUint(version, 10), err
}

// digestOf is the digest of what a watcher sees who sees all.
func digestOf(versions []uint64) (all uint64) {
	for _, version := range slices.Sorted(slices.Values(versions)) {
		all = digest(all, version)
	}
	return all
}

func cpuTimes(pids [][]int) ([]time.Duration, error) {
	times := make([]time.Duration, len(pids))
	for i, pids := range pids {
		var err error
		if times[i], err = cpuTime(pids...); err != nil {
			return nil, err
		}
	}
	return times, nil
}

// middleWatchers is the median of each figure; of those who saw all, the fewest.
func middleWatchers(samples []watcherResult) watcherResult {
	m := samples[0]
	m.cpu = medianOf(samples, func(r watcherResult) time.Duration { return r.cpu })
	m.client = medianOf(samples, func(r watcherResult) time.Duration { return r.client })
	m.lag = medianOf(samples, func(r watcherResult) time.Duration { return r.lag })
	m.rate = medianOf(samples, func(r watcherResult) float64 { return r.rate })
	for _, s := range samples {
		m.correct = min(m.correct, s.correct)
	}
	return m
}

// writes are of config maps that nobody else writes.
type writes struct {
	client kubernetes.Interface
	maps   []types.NamespacedName
	number int
}

func (w *world) newWrites(ctx context.Context) (*writes, error) {
	config := w.plane.Config()
	config.QPS, config.ContentType = -1, "application/vnd.kubernetes.protobuf"
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	all := &writes{client: client}
	for i := range watchedMaps {
		at := types.NamespacedName{Namespace: metav1.NamespaceDefault, Name: fmt.Sprintf("bench-watched-%d", i)}
		object := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: at.Name}, Data: map[string]string{"text": strings.Repeat("some text ", watchedSize/10)}}
		if _, err := client.CoreV1().ConfigMaps(at.Namespace).Create(ctx, object, metav1.CreateOptions{}); err != nil {
			return nil, fmt.Errorf("create what is watched: %w", err)
		}
		all.maps = append(all.maps, at)
	}
	return all, nil
}

// run writes n times, so often a second, and returns the versions.
func (w *writes) run(ctx context.Context, n int, rate float64) ([]uint64, error) {
	versions := make([]uint64, n)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(maxWriting)
	tick := time.NewTicker(time.Duration(float64(time.Second) / rate))
	defer tick.Stop()
	for i := range n {
		w.number++
		patch := fmt.Appendf(nil, `{"metadata":{"labels":{"%s":"p%dx"}}}`, marker, w.number)
		at := w.maps[w.number%len(w.maps)]
		group.Go(func() error {
			after, err := w.client.CoreV1().ConfigMaps(at.Namespace).Patch(ctx, at.Name, types.MergePatchType, patch, metav1.PatchOptions{})
			if err != nil {
				return fmt.Errorf("write what is watched: %w", err)
			}
			versions[i], err = strconv.ParseUint(after.ResourceVersion, 10, 64)
			return err
		})
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, group.Wait()
		}
	}
	return versions, group.Wait()
}
