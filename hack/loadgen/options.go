package loadgen

import "io"

// Options say what to write, and how fast. The zero value is Mix(10000) in 200 namespaces, of which the first has a fifth.
type Options struct {
	// Counts say how many of each kind. Default, when all are zero: Mix(10000).
	Counts
	// Namespaces is how many namespaces there are; NamespaceNames returns their names. Default: 200.
	Namespaces int
	// BigShare is the share of everything that is in the first namespace; the others shrink slowly from the second to the
	// last. Default: 0.2. Negative: all alike.
	BigShare float64
	// Seed makes the objects differ from those of another seed. Default: 1.
	Seed uint64
	// Workers bounds how many requests are under way at a time. Default: 16.
	Workers int
	// Rate is how many writes a second Churn makes. Default: 10.
	Rate float64
	// MaxWrites ends Churn after so many writes. Default: only its context does.
	MaxWrites int
	// Progress is where progress is reported: as a bar if it is a terminal, else as lines. Default: nowhere.
	Progress io.Writer
}

// Counts say how many objects of each kind there are.
type Counts struct {
	Pods, Deployments, ReplicaSets, Services, ConfigMaps, Events, Widgets int
}

// Mix returns the counts of a cluster with so many pods and the usual company around them.
func Mix(pods int) Counts {
	return Counts{
		Pods:        pods,
		Deployments: (pods + podsPerApp - 1) / podsPerApp,
		ReplicaSets: pods / 4, // each deployment's present one and the one before
		Services:    pods / podsPerApp,
		ConfigMaps:  pods / podsPerApp,
		Events:      pods / 4,
		Widgets:     pods / 20,
	}
}

func (o Options) withDefaults() Options {
	if o.Counts == (Counts{}) {
		o.Counts = Mix(10000)
	}
	if o.Namespaces == 0 {
		o.Namespaces = 200
	}
	if o.BigShare == 0 {
		o.BigShare = 0.2
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Workers == 0 {
		o.Workers = 16
	}
	if o.Rate == 0 {
		o.Rate = 10
	}
	return o
}
