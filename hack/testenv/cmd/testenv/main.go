// Command testenv starts control planes and writes a kubeconfig with an admin context for each, until it is interrupted:
// for trying things by hand, and for benchmarks that are not Go.
package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/pflag"

	"github.com/k8cache/k8cache/hack/command"
	"github.com/k8cache/k8cache/hack/testenv"
)

func main() { command.Main("testenv", run) }

func run(ctx context.Context, args []string) (err error) {
	flags := pflag.NewFlagSet("testenv", pflag.ContinueOnError)
	names := flags.StringSlice("names", []string{"east"}, "the control planes to start")
	kubeconfig := flags.String("kubeconfig", "kubeconfig", "the file to write")
	controllers := flags.Bool("controller-manager", false, "run kube-controller-manager too")
	if err := flags.Parse(args); err != nil {
		return err
	}
	began := time.Now()
	var contexts []testenv.Context
	for _, name := range *names {
		plane, startErr := testenv.Start(ctx, testenv.Options{Name: name, ControllerManager: *controllers})
		if startErr != nil {
			return startErr
		}
		defer func() { err = errors.Join(err, plane.Stop()) }()
		contexts = append(contexts, testenv.Context{Name: name, Config: plane.Config()})
	}
	if err := testenv.WriteKubeconfig(*kubeconfig, contexts...); err != nil {
		return err
	}
	fmt.Printf("ready after %.1f s: kubectl --kubeconfig %s get namespaces (Ctrl-C ends it)\n", time.Since(began).Seconds(), *kubeconfig)
	<-ctx.Done()
	return nil
}
