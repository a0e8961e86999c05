package testenv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

// ControlPlane is a running Kubernetes control plane.
type ControlPlane struct {
	options    Options
	dir        string
	plane      *envtest.ControlPlane
	admin      *rest.Config
	tokens     map[string]string
	controller *child
	logs       []*os.File
}

// Start starts a control plane and returns when it is ready. When it cannot, the error carries the last lines that the
// component at fault wrote, and nothing is left running.
func Start(ctx context.Context, options Options) (*ControlPlane, error) {
	c := &ControlPlane{options: options.withDefaults()}
	if err := c.start(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("start control plane %s: %w", c.options.Name, err), c.Stop())
	}
	return c, nil
}

func (c *ControlPlane) start(ctx context.Context) error {
	var err error
	if c.dir, err = os.MkdirTemp("", "k8cache-controlplane-"); err != nil {
		return err
	}
	if err := c.configure(); err != nil {
		return err
	}
	if err := c.interruptible(ctx, c.plane.Start); err != nil {
		return err
	}
	admin, err := c.CertUser("admin", "system:masters")
	if err != nil {
		return err
	}
	c.admin = admin.Config
	if err := c.waitReady(ctx); err != nil {
		return err
	}
	if c.options.ControllerManager {
		return c.startControllerManager(ctx)
	}
	return nil
}

// configure describes the processes to envtest: everything they keep is in c.dir, so a restart finds it again.
func (c *ControlPlane) configure() error {
	for _, sub := range []string{"data", "certs"} {
		if err := os.Mkdir(filepath.Join(c.dir, sub), 0o700); err != nil {
			return err
		}
	}
	tokenFile, err := c.writeTokens()
	if err != nil {
		return err
	}
	c.plane = &envtest.ControlPlane{KubectlPath: "kubectl"} // only named by envtest, never run
	c.plane.Etcd, err = c.etcd()
	if err != nil {
		return err
	}
	c.plane.APIServer, err = c.apiServer(tokenFile)
	return err
}

func (c *ControlPlane) etcd() (*envtest.Etcd, error) {
	path, log, err := c.component(Etcd)
	if err != nil {
		return nil, err
	}
	server := &envtest.Etcd{Path: path, DataDir: filepath.Join(c.dir, "data"), Out: log, Err: log}
	server.StartTimeout, server.StopTimeout = c.options.StartTimeout, c.options.StopTimeout
	// The default of 2 GB is reached by an hour of benchmarks, which then fail for a reason that is not theirs.
	server.Configure().Set("quota-backend-bytes", "8589934592")
	return server, nil
}

// Name is what the control plane was called in Options.
func (c *ControlPlane) Name() string { return c.options.Name }

// Config returns a new config of the admin, a member of system:masters, without client-side rate limit.
func (c *ControlPlane) Config() *rest.Config { return rest.CopyConfig(c.admin) }

// Stop ends every process, waits for them and removes their files.
func (c *ControlPlane) Stop() error {
	var errs []error
	if c.controller != nil {
		errs = append(errs, c.controller.stop(c.options.StopTimeout))
	}
	if c.plane != nil {
		c.resume()
		errs = append(errs, c.plane.Stop())
	}
	for _, log := range c.logs {
		errs = append(errs, log.Close())
	}
	if c.dir != "" {
		errs = append(errs, os.RemoveAll(c.dir))
	}
	return errors.Join(errs...)
}
