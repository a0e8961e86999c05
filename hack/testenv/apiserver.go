package testenv

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

func (c *ControlPlane) apiServer(tokenFile string) (*envtest.APIServer, error) {
	path, log, err := c.component(APIServer)
	if err != nil {
		return nil, err
	}
	server := &envtest.APIServer{Path: path, CertDir: filepath.Join(c.dir, "certs"), Out: log, Err: log}
	server.StartTimeout, server.StopTimeout = c.options.StartTimeout, c.options.StopTimeout
	flags := server.Configure()
	flags.Set("authorization-mode", "RBAC")
	flags.Set("token-auth-file", tokenFile)
	// The default of envtest, a /24, has room for 254 services.
	flags.Set("service-cluster-ip-range", "10.96.0.0/16")
	for name, values := range c.options.APIServerFlags {
		if name == "authorization-config" {
			flags.Disable("authorization-mode") // kube-apiserver refuses to have both
		}
		flags.Set(name, values...)
	}
	return server, nil
}

// StopAPIServer ends the API server and waits for it; etcd goes on. Reads and writes fail until StartAPIServer.
func (c *ControlPlane) StopAPIServer() error {
	c.resume()
	return c.plane.APIServer.Stop()
}

// StartAPIServer starts an API server that was stopped or killed, with its port, data, certificates and users.
func (c *ControlPlane) StartAPIServer(ctx context.Context) error {
	// Stop is what lets envtest forget a process that was killed behind its back; it returns at once for one that has ended.
	if err := c.plane.APIServer.Stop(); err != nil {
		return fmt.Errorf("restart API server of %s: %w", c.options.Name, err)
	}
	if err := c.interruptible(ctx, c.plane.APIServer.Start); err != nil {
		return fmt.Errorf("restart API server of %s: %w", c.options.Name, err)
	}
	return c.waitReady(ctx)
}

// interruptible runs one of envtest's starts, which know no context, and ends what it starts when ctx does.
func (c *ControlPlane) interruptible(ctx context.Context, start func() error) error {
	interrupt := context.AfterFunc(ctx, c.kill)
	err := start()
	if !interrupt() || ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		return fmt.Errorf("%w\n%s", err, c.logTails())
	}
	return nil
}

// waitReady waits for what envtest does not: the bootstrap RBAC roles, which are part of readyz, and the default namespace.
func (c *ControlPlane) waitReady(ctx context.Context) error {
	client, err := kubernetes.NewForConfig(c.admin)
	if err != nil {
		return err
	}
	var last error
	err = wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, c.options.StartTimeout, true, func(ctx context.Context) (bool, error) {
		last = ready(ctx, client)
		return last == nil, nil
	})
	if err != nil {
		return fmt.Errorf("wait for %s to be ready: %w: %w\n%s", c.options.Name, err, last, c.logTails())
	}
	return nil
}

func ready(ctx context.Context, client kubernetes.Interface) error {
	if err := client.Discovery().RESTClient().Get().AbsPath("/readyz").Do(ctx).Error(); err != nil {
		return err
	}
	_, err := client.CoreV1().Namespaces().Get(ctx, metav1.NamespaceDefault, metav1.GetOptions{})
	return err
}

// insecureClient asks for the health of our own children on loopback, whose certificates nobody signed.
func insecureClient() *http.Client {
	transport := &http.Transport{
		DisableKeepAlives: true,                                  // leaves no goroutine behind
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true}, //nolint:gosec // see above
	}
	return &http.Client{Transport: transport, Timeout: 2 * time.Second}
}
