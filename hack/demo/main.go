package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"

	"github.com/k8cache/k8cache/hack/command"
)

// options are the flags.
type options struct {
	binary             string
	manifests          string
	listen             string
	once               bool
	eastPods, westPods int
	rate               float64
}

func main() {
	// A closed pipe must not end us before we have ended our children: print sees to it.
	signal.Ignore(syscall.SIGPIPE)
	command.Main("demo", func(ctx context.Context, args []string) error { return run(ctx, args, os.Stdout) })
}

func run(ctx context.Context, args []string, out io.Writer) error {
	var o options
	flags := pflag.NewFlagSet("demo", pflag.ContinueOnError)
	flags.StringVar(&o.binary, "k8cache", "../bin/k8cache", "the k8cache binary")
	flags.StringVar(&o.manifests, "manifests", "../deploy", "the folder with k8cache's own namespace.yaml and rbac.yaml")
	flags.StringVar(&o.listen, "listen", "", "where k8cache is to listen (default: a free port of 127.0.0.1)")
	flags.BoolVar(&o.once, "once", false, "try the printed lines and end")
	flags.IntVar(&o.eastPods, "east-pods", 3000, "pods in the cluster east")
	flags.IntVar(&o.westPods, "west-pods", 300, "pods in the cluster west")
	flags.Float64Var(&o.rate, "rate", 3, "changes per second in each cluster")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if _, err := os.Stat(o.binary); err != nil {
		return fmt.Errorf("k8cache binary: %w (run make build)", err)
	}
	d := &demo{options: o, out: out}
	err := d.run(ctx)
	if ctx.Err() != nil {
		err = nil // told to end: what that cut short is no failure
	}
	return errors.Join(err, d.stop())
}
