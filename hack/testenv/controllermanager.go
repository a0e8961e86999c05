package testenv

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
)

func (c *ControlPlane) startControllerManager(ctx context.Context) error {
	binary, err := Binary(string(ControllerManager))
	if err != nil {
		return err
	}
	kubeconfig := filepath.Join(c.dir, "kube-controller-manager.kubeconfig")
	if err := WriteKubeconfig(kubeconfig, Context{Name: c.options.Name, Config: c.admin}); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(c.dir, "ca.crt"), c.plane.APIServer.CA, 0o600); err != nil {
		return err
	}
	ports, err := freePorts(ctx, 1)
	if err != nil {
		return err
	}
	log, err := c.openLog(ControllerManager)
	if err != nil {
		return err
	}
	if c.controller, err = startChild(ctx, log, nil, binary, c.controllerManagerFlags(kubeconfig, ports[0])...); err != nil {
		return err
	}
	healthz := fmt.Sprintf("https://127.0.0.1:%d/healthz", ports[0])
	if err := c.controller.waitOK(ctx, healthz, c.options.StartTimeout); err != nil {
		return fmt.Errorf("%w\n%s", err, c.logTails())
	}
	return c.waitAggregated(ctx)
}

func (c *ControlPlane) controllerManagerFlags(kubeconfig string, port int) []string {
	return []string{
		"--kubeconfig=" + kubeconfig,
		"--controllers=" + strings.Join(c.options.Controllers, ","),
		"--bind-address=127.0.0.1",
		fmt.Sprintf("--secure-port=%d", port),
		"--cert-dir=" + c.dir,
		"--leader-elect=false", // there is only one, and electing it takes seconds
		"--service-account-private-key-file=" + filepath.Join(c.dir, "certs", "sa-signer.key"),
		"--root-ca-file=" + filepath.Join(c.dir, "ca.crt"),
	}
}

// waitAggregated waits for the first thing one wants a controller manager for: a view role that has rules.
func (c *ControlPlane) waitAggregated(ctx context.Context) error {
	if !slices.Contains(c.options.Controllers, "clusterrole-aggregation-controller") {
		return nil
	}
	client, err := kubernetes.NewForConfig(c.admin)
	if err != nil {
		return err
	}
	err = wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, c.options.StartTimeout, true, func(ctx context.Context) (bool, error) {
		role, err := client.RbacV1().ClusterRoles().Get(ctx, "view", metav1.GetOptions{})
		return err == nil && len(role.Rules) > 0, nil
	})
	if err != nil {
		return fmt.Errorf("wait for aggregated roles: %w", err)
	}
	return nil
}
