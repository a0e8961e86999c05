// Command loadgen fills a control plane with realistic objects (loadgen populate) and keeps changing them (loadgen churn).
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/pflag"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/k8cache/k8cache/hack/command"
	"github.com/k8cache/k8cache/hack/loadgen"
)

func main() { command.Main("loadgen", run) }

func run(ctx context.Context, args []string) error {
	flags := pflag.NewFlagSet("loadgen populate|churn", pflag.ContinueOnError)
	kubeconfig := flags.String("kubeconfig", "", "kubeconfig file (default: $KUBECONFIG or ~/.kube/config)")
	cluster := flags.String("context", "", "context of the kubeconfig (default: its current one)")
	pods := flags.Int("pods", 10000, "how many pods")
	podsOnly := flags.Bool("pods-only", false, "write no deployments, services, events and so on beside them")
	duration := flags.Duration("duration", 0, "end churn after so long (default: when interrupted)")
	options := loadgen.Options{Progress: os.Stdout}
	flags.IntVar(&options.Namespaces, "namespaces", 200, "how many namespaces; the first has a fifth of everything")
	flags.Uint64Var(&options.Seed, "seed", 1, "another seed makes other objects")
	flags.IntVar(&options.Workers, "workers", 16, "how many requests at a time")
	flags.Float64Var(&options.Rate, "rate", 10, "churn: changes per second")
	flags.IntVar(&options.MaxWrites, "max-writes", 0, "churn: end after so many changes")
	if err := flags.Parse(args); err != nil {
		return err
	}
	options.Counts = loadgen.Mix(*pods)
	if *podsOnly {
		options.Counts = loadgen.Counts{Pods: *pods}
	}
	config, err := configOf(*kubeconfig, *cluster)
	if err != nil {
		return err
	}
	if *duration > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, *duration)
		defer cancel()
	}
	return do(ctx, flags.Arg(0), config, options)
}

func configOf(kubeconfig, cluster string) (*rest.Config, error) {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = kubeconfig
	overrides := &clientcmd.ConfigOverrides{CurrentContext: cluster}
	return clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, overrides).ClientConfig()
}

func do(ctx context.Context, what string, config *rest.Config, options loadgen.Options) error {
	run := loadgen.Populate
	switch what {
	case "populate":
	case "churn":
		run = loadgen.Churn
	default:
		return fmt.Errorf("say populate or churn, not %q", what)
	}
	stats, err := run(ctx, config, options)
	fmt.Printf("%d written, %d skipped, %d failed in %s\n", stats.Writes, stats.Skipped, stats.Failed, stats.Took.Round(100*time.Millisecond))
	return errors.Join(err, stats.LastError)
}
