package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.uber.org/zap"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// inCluster names the one cluster where there is no kubeconfig but a service account.
const inCluster = "in-cluster"

// connections are the clusters to watch and how to reach them.
type connections struct {
	configs  map[string]*rest.Config
	fallback string // the cluster served at the root; empty: none
}

// connect reads the kubeconfig, or takes the service account that a Pod runs as.
func connect(c Config, log *zap.Logger) (connections, error) {
	rules := clientcmd.NewDefaultClientConfigLoadingRules()
	rules.ExplicitPath = c.Kubeconfig
	raw, err := rules.Load()
	if err != nil {
		return connections{}, fmt.Errorf("--kubeconfig: %w", err)
	}
	if len(raw.Contexts) == 0 {
		return connectInCluster(c)
	}
	names := c.Contexts
	if len(names) == 0 {
		names = slices.Sorted(maps.Keys(raw.Contexts))
	}
	found := connections{configs: map[string]*rest.Config{}, fallback: raw.CurrentContext}
	var unusable []error
	for _, name := range names {
		if raw.Contexts[name] == nil {
			return found, fmt.Errorf("--context: the kubeconfig has no context %q", name)
		}
		if name == "-" || name == "" {
			return found, fmt.Errorf("--context: %q cannot be a cluster's name", name)
		}
		config, err := configOf(raw, name, rules)
		if err != nil {
			unusable = append(unusable, fmt.Errorf("context %q: %w", name, err))
			continue
		}
		found.configs[name] = config
	}
	switch {
	case len(unusable) > 0 && (len(c.Contexts) > 0 || len(found.configs) == 0):
		return found, fmt.Errorf("--kubeconfig: %w", unusable[0])
	case len(unusable) > 0: // some of many, and nobody asked for them by name
		log.Warn("contexts left out", zap.Errors("errors", unusable))
	}
	return found.choose(c.DefaultCluster)
}

// configOf is one context's. client-go takes a cluster that is not there for one without settings.
func configOf(raw *clientcmdapi.Config, name string, rules *clientcmd.ClientConfigLoadingRules) (*rest.Config, error) {
	if cluster := raw.Contexts[name].Cluster; raw.Clusters[cluster] == nil {
		return nil, fmt.Errorf("there is no cluster %q", cluster)
	}
	return clientcmd.NewNonInteractiveClientConfig(*raw, name, nil, rules).ClientConfig()
}

func connectInCluster(c Config) (connections, error) {
	config, err := rest.InClusterConfig()
	if err != nil {
		return connections{}, errors.New("--kubeconfig: there is none with a context in it, and this is no Pod with a service account")
	}
	if len(c.Contexts) > 0 {
		return connections{}, errors.New("--context: there is no kubeconfig")
	}
	return connections{configs: map[string]*rest.Config{inCluster: config}}.choose(c.DefaultCluster)
}

// choose settles which cluster is served at the root.
func (n connections) choose(asked string) (connections, error) {
	switch {
	case asked != "":
		n.fallback = asked
		if n.configs[asked] == nil {
			return n, fmt.Errorf("--default-cluster: there is no cluster %q", asked)
		}
	case len(n.configs) == 1:
		for name := range n.configs {
			n.fallback = name
		}
	case n.configs[n.fallback] == nil:
		n.fallback = ""
	}
	return n, nil
}
