package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/pflag"
)

// options say what to run.
type options struct {
	k8cache string // the binary
	suite   string // the folder of e2e.test and ginkgo
	procs   int    // tests at once
	out     string // the folder for the tests' own reports and output; empty: none are kept
	gates   []gate
}

func parseOptions(args []string) (options, error) {
	var o options
	flags := pflag.NewFlagSet("conformance", pflag.ContinueOnError)
	flags.SortFlags = false
	flags.StringVar(&o.k8cache, "k8cache", "../bin/k8cache", "the k8cache binary")
	flags.StringVar(&o.suite, "suite", "../bin/conformance", "the folder of e2e.test and ginkgo")
	flags.IntVar(&o.procs, "procs", 3, "how many tests run at once")
	flags.StringVar(&o.out, "out", "", "a folder for what the tests print; empty: it is not kept")
	names := flags.StringSlice("gates", []string{"read", "write"}, "what to run: read, write")
	focus := flags.String("focus", "", "run only the tests whose names match, instead of the gates' own choice")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	for _, name := range *names {
		at := slices.IndexFunc(gates(), func(g gate) bool { return g.name == name })
		if at < 0 {
			return o, fmt.Errorf("no gate %q", name)
		}
		chosen := gates()[at]
		if *focus != "" {
			chosen.focus = *focus
		}
		o.gates = append(o.gates, chosen)
	}
	for _, name := range []string{o.k8cache, o.e2e(), o.ginkgo()} {
		if _, err := os.Stat(name); err != nil {
			return o, fmt.Errorf("%w: run make conformance", err)
		}
	}
	return o, nil
}

func (o options) e2e() string { return filepath.Join(o.suite, "e2e.test") }

func (o options) ginkgo() string { return filepath.Join(o.suite, "ginkgo") }
