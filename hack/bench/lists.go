package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// listCase is a way of listing all pods.
type listCase struct {
	pods    int
	gzip    bool
	callers int
	unpack  bool // by the client
}

func (c listCase) form() string {
	switch {
	case c.unpack:
		return "gzip, unpacked"
	case c.gzip:
		return "gzip"
	}
	return "plain"
}

// listResult is what a list cost a server: medians over the rounds.
type listResult struct {
	listCase
	server string
	sample
}

// measureLists measures lists of all pods on k8cache, on the API server, and on nginx where there is one; for growth it
// is one kind of list on the first two.
func (w *world) measureLists(ctx context.Context, c *cache, r *report) (err error) {
	servers, err := w.servers(c)
	if err != nil {
		return err
	}
	cases := []listCase{
		{w.pods, true, 1, false},
		{w.pods, true, 1, true},
		{w.pods, true, 16, false},
		{w.pods, false, 1, false},
		{w.pods, false, 16, false},
	}
	if !w.main() {
		return w.compareAll(r, servers, cases[:2])
	}
	bodies, err := w.bodies(ctx, servers)
	if err != nil {
		return err
	}
	if w.options.nginx != "" {
		n, err := w.startFiles(ctx, c, bodies)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, n.stop()) }()
		servers = append(servers, server{name: files, target: n.target, pids: n.pids})
	}
	return w.compareAll(r, servers, cases)
}

func (w *world) compareAll(r *report, servers []server, cases []listCase) error {
	for _, one := range cases {
		say("%d pods: lists, %s, %d at a time", w.pods, one.form(), one.callers)
		results, err := w.compare(servers, one)
		if err != nil {
			return err
		}
		r.lists = append(r.lists, results...)
	}
	return nil
}

// compare loads the servers in turns.
func (w *world) compare(servers []server, one listCase) ([]listResult, error) {
	jobs, samples := make([]job, len(servers)), make([][]sample, len(servers))
	for i, s := range servers {
		lists, err := w.warmUp(s, one)
		if err != nil {
			return nil, err
		}
		jobs[i] = job{Paths: []string{listQuery}, Gzip: one.gzip, Unpack: one.unpack, Lists: lists, Callers: one.callers}
	}
	for range w.rounds() {
		for i, s := range servers {
			sample, err := w.measure(s, jobs[i])
			if err != nil {
				return nil, err
			}
			samples[i] = append(samples[i], sample)
		}
	}
	results := make([]listResult, len(servers))
	for i, s := range servers {
		results[i] = listResult{listCase: one, server: s.name, sample: middle(samples[i])}
	}
	return results, nil
}

// warmUp has a server make a list, and a quick one open its connections, and says how many lists a round should have.
func (w *world) warmUp(s server, one listCase) (int, error) {
	j := job{Paths: []string{listQuery}, Gzip: one.gzip, Unpack: one.unpack, Lists: 1, Callers: 1}
	first, err := w.measure(s, j)
	if err != nil {
		return 0, err
	}
	if first.each < w.options.load/4 {
		j.Lists, j.Callers = 4*one.callers, one.callers
		if first, err = w.measure(s, j); err != nil {
			return 0, err
		}
	}
	return max(one.callers, int(w.options.load.Seconds()*first.rate)), nil
}

// middle is the median of each figure.
func middle(samples []sample) sample {
	return sample{
		each:     medianOf(samples, func(s sample) time.Duration { return s.each }),
		cpu:      medianOf(samples, func(s sample) time.Duration { return s.cpu }),
		rate:     medianOf(samples, func(s sample) float64 { return s.rate }),
		bytes:    medianOf(samples, func(s sample) int64 { return s.bytes }),
		protocol: samples[0].protocol,
	}
}

// bodies are what k8cache sends, plain and gzip. Both sides must send the same items, or nothing would be compared.
func (w *world) bodies(ctx context.Context, servers []server) (map[bool][]byte, error) {
	bodies := map[bool][]byte{}
	for _, gzip := range []bool{false, true} {
		body, err := fetch(ctx, servers[0].target, listQuery, gzip)
		if err != nil {
			return nil, err
		}
		bodies[gzip] = body
	}
	theirs, err := fetch(ctx, servers[1].target, listQuery, false)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(items(bodies[false]), items(theirs)) {
		return nil, errors.New("k8cache and the API server list different items")
	}
	return bodies, nil
}

// items are a list's bytes without its head, which has the list's version.
func items(list []byte) []byte {
	_, items, _ := bytes.Cut(list, []byte(`"items":[`))
	return items
}

func fetch(ctx context.Context, t target, path string, gzip bool) ([]byte, error) {
	client := t.client()
	defer client.CloseIdleConnections()
	answer, err := t.ask(ctx, client, path, gzip)
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", path, err)
	}
	defer answer.Body.Close() //nolint:errcheck // only read from
	return io.ReadAll(answer.Body)
}

// startFiles starts an nginx that has the bodies as files, with k8cache's own certificate.
func (w *world) startFiles(ctx context.Context, c *cache, bodies map[bool][]byte) (*nginx, error) {
	dir := filepath.Join(w.dir, "nginx")
	file := filepath.Join(dir, "files", listPath)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, err
	}
	err := errors.Join(os.WriteFile(file, bodies[false], 0o600), os.WriteFile(file+".gz", bodies[true], 0o600))
	if err != nil {
		return nil, err
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0") // to learn of a free port
	if err != nil {
		return nil, err
	}
	to := target{Base: "https://" + listener.Addr().String(), CA: c.ca}
	if err := listener.Close(); err != nil {
		return nil, err
	}
	return startNginx(ctx, w.options.nginx, dir, filepath.Dir(c.CAFile()), to)
}

// find returns the result of a case for a server; zero where it was not measured.
func find(results []listResult, one listCase, server string) listResult {
	i := slices.IndexFunc(results, func(r listResult) bool { return r.listCase == one && r.server == server })
	if i < 0 {
		return listResult{}
	}
	return results[i]
}
