package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/k8cache/k8cache/hack/testenv"
)

// demo is what was started so far.
type demo struct {
	options  options
	out      io.Writer
	leave    func() // ends the demo
	began    time.Time
	dir      string // tokens, kubeconfigs and certificates for the printed lines
	clusters []*cluster
	k8cache  *testenv.Process
}

// run starts everything, says how to use it, and keeps the clusters changing until ctx ends or, with --once, until the
// printed lines have been tried.
func (d *demo) run(ctx context.Context) error {
	ctx, d.leave = context.WithCancel(ctx)
	defer d.leave()
	d.began = time.Now()
	var err error
	if d.dir, err = os.MkdirTemp("", "k8cache-demo-"); err != nil {
		return err
	}
	if err := d.startClusters(ctx); err != nil {
		return err
	}
	if err := d.startK8cache(ctx); err != nil {
		return err
	}
	if err := d.writeCredentials(); err != nil {
		return err
	}
	return d.live(ctx)
}

func (d *demo) startClusters(ctx context.Context) error {
	for _, c := range []*cluster{
		{name: "east", pods: d.options.eastPods, namespaces: 60},
		{name: "west", pods: d.options.westPods, namespaces: 10},
	} {
		d.clusters = append(d.clusters, c)
		d.say("%s: starting etcd, kube-apiserver and kube-controller-manager", c.name)
		if err := c.start(ctx); err != nil {
			return err
		}
		d.say("%s: writing %d pods and what goes with them, in %d namespaces", c.name, c.pods, c.namespaces)
		if err := c.fill(ctx, d.options.manifests, d.out); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// startK8cache runs k8cache as the service account that its manifests give it in each cluster.
func (d *demo) startK8cache(ctx context.Context) error {
	d.say("k8cache: starting, with %s", d.options.binary)
	var contexts []testenv.Context
	for _, c := range d.clusters {
		identity, err := c.service(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		contexts = append(contexts, testenv.Context{Name: c.name, Config: identity.Config})
	}
	kubeconfig := filepath.Join(d.dir, "k8cache.kubeconfig")
	if err := testenv.WriteKubeconfig(kubeconfig, contexts...); err != nil {
		return err
	}
	var err error
	d.k8cache, err = testenv.StartProcess(ctx, testenv.ProcessOptions{
		Binary:     d.options.binary,
		Kubeconfig: kubeconfig,
		Listen:     d.options.listen,
		Args:       []string{"--preload=pods,deployments.apps,services"},
	})
	return err
}

// live keeps both clusters changing while the lines are printed and tried, or for as long as nobody says stop.
func (d *demo) live(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	group, ctx := errgroup.WithContext(ctx)
	for _, c := range d.clusters {
		group.Go(func() error { return c.churn(ctx, d.options.rate) })
	}
	group.Go(func() error {
		defer cancel()
		examples := d.examples()
		d.explain(examples)
		if d.options.once {
			return d.try(ctx, examples)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-d.k8cache.Done():
			return fmt.Errorf("k8cache ended by itself; its log is %s", d.k8cache.LogFile())
		}
	})
	return group.Wait()
}

// stop ends what was started, last things first, and removes what was written.
func (d *demo) stop() error {
	d.say("stopping")
	var errs []error
	if d.k8cache != nil {
		errs = append(errs, d.k8cache.Stop())
	}
	for _, c := range d.clusters {
		errs = append(errs, c.stop())
	}
	if d.dir != "" {
		errs = append(errs, os.RemoveAll(d.dir))
	}
	return errors.Join(errs...)
}

// say reports progress.
func (d *demo) say(format string, args ...any) {
	d.print("%5.1f s  %s\n", time.Since(d.began).Seconds(), fmt.Sprintf(format, args...))
}

// print ends the demo, in order, when nobody is there any more to read it (make demo | head).
func (d *demo) print(format string, args ...any) {
	if _, err := fmt.Fprintf(d.out, format, args...); err != nil {
		d.leave()
	}
}
