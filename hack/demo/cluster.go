package main

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	authorizationv1 "k8s.io/api/authorization/v1"

	"github.com/k8cache/k8cache/hack/loadgen"
	"github.com/k8cache/k8cache/hack/testenv"
)

// rights are those of the demo's users, and of k8cache on widgets.
//
//go:embed rights.yaml
var rights []byte

// cluster is one control plane with workloads in it.
type cluster struct {
	name             string
	pods, namespaces int
	plane            *testenv.ControlPlane
}

func (c *cluster) start(ctx context.Context) error {
	options := testenv.Options{Name: c.name, ControllerManager: true}
	for _, user := range users() {
		if user.knownIn(c.name) {
			options.Users = append(options.Users, testenv.User{Name: user.name, Token: user.token(), Groups: user.groups})
		}
	}
	var err error
	c.plane, err = testenv.Start(ctx, options)
	return err
}

func (c *cluster) stop() error {
	if c.plane == nil {
		return nil
	}
	return c.plane.Stop()
}

func (c *cluster) load(progress io.Writer) loadgen.Options {
	return loadgen.Options{Counts: loadgen.Mix(c.pods), Namespaces: c.namespaces, Progress: progress}
}

// fill writes the workloads, k8cache's manifests and everybody's rights.
func (c *cluster) fill(ctx context.Context, manifests string, progress io.Writer) error {
	if _, err := loadgen.Populate(ctx, c.plane.Config(), c.load(progress)); err != nil {
		return err
	}
	var all bytes.Buffer
	for _, name := range []string{"namespace.yaml", "rbac.yaml"} {
		content, err := os.ReadFile(filepath.Join(manifests, name)) //nolint:gosec // the folder is ours to choose
		if err != nil {
			return err
		}
		all.Write(append(content, "\n---\n"...))
	}
	all.Write(rights)
	return c.apply(ctx, &all)
}

// apply does what the README tells to do: kubectl apply.
func (c *cluster) apply(ctx context.Context, manifests io.Reader) error {
	kubectl, err := testenv.Binary("kubectl")
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "k8cache-demo-apply-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) //nolint:errcheck // only a copy is in it
	kubeconfig := filepath.Join(dir, "kubeconfig")
	if err := testenv.WriteKubeconfig(kubeconfig, testenv.Context{Name: c.name, Config: c.plane.Config()}); err != nil {
		return err
	}
	command := exec.CommandContext(ctx, kubectl, "--kubeconfig", kubeconfig, "--cache-dir", dir, "apply", "-f", "-") //nolint:gosec // our own kubectl
	command.Stdin = manifests
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("kubectl apply: %w\n%s", err, output)
	}
	return nil
}

// service returns k8cache's own identity, once the rights that its manifests give it are in force.
func (c *cluster) service(ctx context.Context) (*testenv.Identity, error) {
	identity, err := c.plane.ServiceAccount(ctx, "k8cache", "k8cache")
	if err != nil {
		return nil, err
	}
	return identity, testenv.WaitAllowed(ctx, c.plane.Config(), authorizationv1.SubjectAccessReviewSpec{
		User:               identity.Name,
		ResourceAttributes: &authorizationv1.ResourceAttributes{Verb: "list", Version: "v1", Resource: "pods"},
	})
}

func (c *cluster) churn(ctx context.Context, rate float64) error {
	options := c.load(nil)
	options.Rate = rate
	if _, err := loadgen.Churn(ctx, c.plane.Config(), options); err != nil {
		return fmt.Errorf("%s: %w", c.name, err)
	}
	return nil
}
