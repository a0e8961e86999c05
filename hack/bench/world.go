package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"

	"github.com/k8cache/k8cache/hack/loadgen"
	"github.com/k8cache/k8cache/hack/testenv"
)

const (
	// clusterName is what k8cache calls the control plane. It is the only one, so it is at k8cache's root, too.
	clusterName = "bench"
	// listPath is the path that is listed on all servers; version 0 lets an API server answer from its own cache.
	listPath  = "/api/v1/pods"
	listQuery = listPath + "?resourceVersion=0"
)

// The users. Both have bearer tokens, because those are what frontends pass on.
const (
	everybody = "bench-admin"   // may do everything
	team      = "bench-team"    // may see the pods of some namespaces
	readers   = "bench-readers" // of twice as many others
)

// world is a control plane with so many pods, and the client that loads servers.
type world struct {
	options options
	pods    int
	dir     string
	plane   *testenv.ControlPlane
	admin   *testenv.Identity
	team    *testenv.Identity
	readers *testenv.Identity
	loader  *child
	probes  []types.NamespacedName // pods that nobody but us writes
}

// inWorld makes a world, measures in it, and ends it.
func inWorld(ctx context.Context, o options, pods int, measure func(*world) error) (err error) {
	w := &world{options: o, pods: pods}
	defer func() { err = errors.Join(err, w.stop()) }()
	if err := w.start(ctx); err != nil {
		return err
	}
	return measure(w)
}

func (w *world) start(ctx context.Context) error {
	var err error
	if w.dir, err = os.MkdirTemp("", "k8cache-bench-"); err != nil {
		return err
	}
	say("%d pods: starting the control plane", w.pods)
	w.plane, err = testenv.Start(ctx, testenv.Options{Name: clusterName, Users: []testenv.User{
		{Name: everybody, Groups: []string{"system:masters"}}, {Name: team}, {Name: readers},
	}})
	if err != nil {
		return err
	}
	if w.admin, err = w.plane.TokenUser(everybody); err != nil {
		return err
	}
	if w.team, err = w.plane.TokenUser(team); err != nil {
		return err
	}
	if w.readers, err = w.plane.TokenUser(readers); err != nil {
		return err
	}
	if err := testenv.WriteKubeconfig(w.kubeconfig(), testenv.Context{Name: clusterName, Config: w.plane.Config()}); err != nil {
		return err
	}
	if w.loader, err = startChild(ctx, loadChild); err != nil {
		return err
	}
	say("%d pods: writing them", w.pods)
	_, err = loadgen.Populate(ctx, w.plane.Config(), w.load())
	return err
}

func (w *world) stop() error {
	var errs []error
	if w.loader != nil {
		errs = append(errs, w.loader.stop())
	}
	if w.plane != nil {
		errs = append(errs, w.plane.Stop())
	}
	return errors.Join(append(errs, os.RemoveAll(w.dir))...)
}

// main says whether this is the world in which everything is measured.
func (w *world) main() bool { return w.pods == w.options.pods }

// large says whether there are so many pods that less is measured: a dynamic informer would take 5 GB for 100,000.
func (w *world) large() bool { return w.pods > 50000 }

// rounds is how often each thing is measured.
func (w *world) rounds() int {
	if w.large() {
		return min(w.options.rounds, 3)
	}
	return w.options.rounds
}

// kubeconfig is the admin's, with the control plane as its only context.
func (w *world) kubeconfig() string { return filepath.Join(w.dir, "kubeconfig") }

// load is what is written: pods alone, because all else would only take time.
func (w *world) load() loadgen.Options {
	return loadgen.Options{Counts: loadgen.Counts{Pods: w.pods}, Namespaces: w.options.namespaces, Progress: os.Stderr}
}

// direct is the API server, asked as somebody.
func (w *world) direct(as *testenv.Identity) target {
	return target{Base: as.Config.Host, Token: as.Token, CA: as.Config.CAData}
}

// startCache starts a k8cache that has nothing in memory but what it needs for itself.
func (w *world) startCache(ctx context.Context) (*cache, error) {
	process, err := testenv.StartProcess(ctx, testenv.ProcessOptions{Binary: w.options.k8cache, Kubeconfig: w.kubeconfig()})
	if err != nil {
		return nil, err
	}
	ca, err := os.ReadFile(process.CAFile())
	if err != nil {
		return nil, errors.Join(err, process.Stop())
	}
	return &cache{Process: process, ca: ca}, nil
}

// cache is a running k8cache.
type cache struct {
	*testenv.Process
	ca []byte
}

// seenBy is k8cache, asked as somebody.
func (c *cache) seenBy(as *testenv.Identity) target {
	return target{Base: c.URL, Token: as.Token, CA: c.ca}
}

// config is the same for clients of client-go.
func (c *cache) config(as *testenv.Identity) *rest.Config { return c.Config(clusterName, as.Config) }

// server is one side of a comparison.
type server struct {
	name   string
	target target
	pids   []int // of what it consists of
}

// servers are k8cache and the API server, asked by somebody who may see all.
func (w *world) servers(c *cache) ([]server, error) {
	pid, err := w.plane.Pid(testenv.APIServer)
	if err != nil {
		return nil, err
	}
	return []server{
		{name: ours, target: c.seenBy(w.admin), pids: []int{c.Pid()}},
		{name: theirs, target: w.direct(w.admin), pids: []int{pid}},
	}, nil
}

// The names of the servers in tables.
const (
	ours   = "k8cache"
	theirs = "kube-apiserver"
	files  = "nginx"
)

// sample is a round's load of a server.
type sample struct {
	each, cpu time.Duration // for a list: the median of the times, and the mean of the CPU time
	rate      float64       // lists a second
	bytes     int64         // for a list
	protocol  string
}

// measure makes a server list, and tells what it cost.
func (w *world) measure(s server, j job) (sample, error) {
	j.Target = s.target
	var l loaded
	before, err := cpuTime(s.pids...)
	if err != nil {
		return sample{}, err
	}
	if err := w.loader.ask(j, &l); err != nil {
		return sample{}, fmt.Errorf("load %s: %w", s.name, err)
	}
	after, err := cpuTime(s.pids...)
	lists := time.Duration(j.Lists)
	return sample{
		each: median(l.Each), cpu: (after - before) / lists, rate: float64(j.Lists) / l.Took.Seconds(),
		bytes: l.Bytes / int64(lists), protocol: l.Protocol,
	}, err
}
