package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"time"

	"github.com/spf13/pflag"
)

// options say what to measure, with what, and for how long.
type options struct {
	k8cache, nginx string // binaries; nginx is empty where there is none
	pods           int    // of the world in which everything is measured
	sizes          []int  // of the worlds in which only growth is measured
	namespaces     int
	rounds         int           // of each measurement: medians are over these
	load           time.Duration // how long a server is loaded in a round, at least one list
	samples        int           // writes whose way is followed, for each way of looking
	rate           float64       // writes a second in the background meanwhile
	watchers       int           // of one collection
	events         int           // that each of them is sent in a round
	watchRate      float64       // how many of those a second
	only           []string      // measurements to make; empty: all
	out            string        // a file whose results are to be replaced
}

func parseOptions(args []string) (options, error) {
	var o options
	flags := pflag.NewFlagSet("bench", pflag.ContinueOnError)
	flags.SortFlags = false
	flags.StringVar(&o.k8cache, "k8cache", "../bin/k8cache", "the k8cache binary")
	flags.StringVar(&o.nginx, "nginx", findNginx(), "the nginx binary (Debian package nginx); empty: its rows are left out")
	flags.IntVar(&o.pods, "pods", 10000, "how many pods")
	flags.IntSliceVar(&o.sizes, "sizes", []int{1000}, "other numbers of pods, for what grows with them (100000 takes an hour)")
	flags.IntVar(&o.namespaces, "namespaces", 200, "how many namespaces; the first has a fifth of the pods")
	flags.IntVar(&o.rounds, "rounds", 5, "how often each thing is measured; medians are over these")
	flags.DurationVar(&o.load, "load", 2*time.Second, "how long each server is loaded in a round, if one list does not take longer")
	flags.IntVar(&o.samples, "samples", 400, "how many writes are followed until they are seen")
	flags.Float64Var(&o.rate, "rate", 200, "writes a second in the background of that")
	flags.IntVar(&o.watchers, "watchers", 1000, "how many watch one collection")
	flags.IntVar(&o.events, "watch-events", 300, "how many events each of them is sent in a round")
	flags.Float64Var(&o.watchRate, "watch-rate", 100, "how many of those a second")
	flags.StringSliceVar(&o.only, "only", nil, "measure only these: sync, lists, scope, queries, changes, rest, visible, watchers")
	flags.StringVar(&o.out, "out", "", "markdown file whose results are replaced, as in ../docs/performance.md")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	return o, o.validate()
}

func (o options) validate() error {
	if o.pods < 100 || o.namespaces < 20 {
		return errors.New("--pods must be at least 100 and --namespaces 20: shares of them are measured")
	}
	if o.rounds < 1 || o.samples < 1 {
		return errors.New("--rounds and --samples must be at least 1")
	}
	if o.watchers < 1 || o.events < 1 || o.watchRate <= 0 {
		return errors.New("--watchers, --watch-events and --watch-rate must be more than zero")
	}
	for _, binary := range []string{o.k8cache, o.nginx} {
		if _, err := os.Stat(binary); binary != "" && err != nil {
			return fmt.Errorf("binary: %w", err)
		}
	}
	return nil
}

// findNginx looks where Debian puts it, too, which is not in everybody's PATH.
func findNginx() string {
	for _, name := range []string{"nginx", "/usr/sbin/nginx"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// worlds are the numbers of pods to measure with, the smallest first.
func (o options) worlds() []int {
	sizes := append(slices.Clone(o.sizes), o.pods)
	slices.Sort(sizes)
	return slices.Compact(sizes)
}

// wants says whether a measurement is to be made.
func (o options) wants(name string) bool { return len(o.only) == 0 || slices.Contains(o.only, name) }
