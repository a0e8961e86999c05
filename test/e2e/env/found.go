package env

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"strings"

	"k8s.io/client-go/tools/clientcmd"
)

// foundClusters takes clusters of $KUBECONFIG, and none that was not named, for the tests write to them. What is made there has a prefix of its own, because names may be taken.
func (e *Env) foundClusters(ctx context.Context) error {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	config, err := rules.Load()
	if err != nil {
		return err
	}
	if e.East, err = foundCluster(ctx, rules, config.CurrentContext); err != nil {
		return err
	}
	if west := os.Getenv("K8CACHE_WEST"); west != "" {
		e.West, err = foundCluster(ctx, rules, west)
	}
	return err
}

func foundCluster(ctx context.Context, rules *clientcmd.ClientConfigLoadingRules, name string) (*Cluster, error) {
	config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(
		rules, &clientcmd.ConfigOverrides{CurrentContext: name}).ClientConfig()
	if err != nil {
		return nil, fmt.Errorf("context %q of the kubeconfig: %w", name, err)
	}
	prefix := "k8cache-e2e-" + strings.ToLower(rand.Text()[:5])
	return newCluster(ctx, name, prefix, config, nil)
}
