package main

import (
	"os"
	"path/filepath"
	"slices"

	"github.com/k8cache/k8cache/hack/testenv"
)

// user is one of the people in the demo.
type user struct {
	name, may string
	groups    []string
	clusters  []string // where they are known
}

func users() []user {
	both := []string{"east", "west"}
	return []user{
		{name: "ada", may: "may do everything", groups: []string{"demo-admins"}, clusters: both},
		{name: "tom", may: "may read pods, deployments and services in cart, cart-dev and checkout", clusters: both},
		{name: "nora", may: "may do nothing", clusters: both},
		{name: "eva", may: "may view everything in east, and is unknown in west", clusters: []string{"east"}},
	}
}

// token is easy to paste into a browser. It opens nothing but the demo, which listens on loopback only.
func (u user) token() string { return u.name + "-demo-token" }

func (u user) knownIn(cluster string) bool { return slices.Contains(u.clusters, cluster) }

// writeCredentials writes what the printed lines refer to: a kubeconfig per user, with a context for each cluster through
// k8cache (east, west) and for each API server itself (east-direct, west-direct), and the certificates for curl.
func (d *demo) writeCredentials() error {
	ca, err := os.ReadFile(d.k8cache.CAFile())
	if err != nil {
		return err
	}
	certificates := map[string][]byte{"k8cache": ca}
	for _, c := range d.clusters {
		certificates[c.name] = c.plane.Config().CAData
	}
	for name, certificate := range certificates {
		if err := os.WriteFile(filepath.Join(d.dir, name+".crt"), certificate, 0o600); err != nil {
			return err
		}
	}
	for _, user := range users() {
		if err := testenv.WriteKubeconfig(filepath.Join(d.dir, user.name+".kubeconfig"), d.contexts(user)...); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) contexts(user user) []testenv.Context {
	var contexts []testenv.Context
	for _, c := range d.clusters {
		direct := testenv.Bearer(c.plane.Config(), user.name, user.token()).Config
		contexts = append(contexts,
			testenv.Context{Name: c.name, Config: d.k8cache.Config(c.name, direct)},
			testenv.Context{Name: c.name + "-direct", Config: direct})
	}
	return contexts
}
