package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"

	"github.com/k8cache/k8cache/hack/testenv"
)

// clusterName is what k8cache calls the cluster.
const clusterName = "conformance"

// world is what the tests run against.
type world struct {
	plane   *testenv.ControlPlane
	front   *testenv.Process
	dir     string
	version string // of the API server
}

func newWorld(ctx context.Context, o options) (*world, error) {
	w := &world{}
	if err := w.start(ctx, o); err != nil {
		return nil, errors.Join(err, w.stop())
	}
	return w, nil
}

func (w *world) start(ctx context.Context, o options) error {
	var err error
	if w.dir, err = os.MkdirTemp("", "k8cache-conformance-"); err != nil {
		return err
	}
	if w.plane, err = testenv.Start(ctx, testenv.Options{Name: clusterName, ControllerManager: true}); err != nil {
		return err
	}
	admin, err := w.prepare(ctx)
	if err != nil {
		return err
	}
	if err := testenv.WriteKubeconfig(w.path("service"), testenv.Context{Name: clusterName, Config: w.plane.Config()}); err != nil {
		return err
	}
	// Every kind is cached, Secrets too.
	w.front, err = testenv.StartProcess(ctx, testenv.ProcessOptions{Binary: o.k8cache, Kubeconfig: w.path("service"), Args: []string{"--exclude=", "--idle-timeout=0"}})
	if err != nil {
		return err
	}
	if err := testenv.WriteKubeconfig(w.path(direct), testenv.Context{Name: clusterName, Config: admin.Config}); err != nil {
		return err
	}
	return testenv.WriteKubeconfig(w.path(through), testenv.Context{Name: clusterName, Config: w.front.Config(clusterName, admin.Config)})
}

// prepare makes what the tests take for granted: an admin and a node that is ready.
func (w *world) prepare(ctx context.Context) (*testenv.Identity, error) {
	client, err := kubernetes.NewForConfig(w.plane.Config())
	if err != nil {
		return nil, err
	}
	info, err := client.Discovery().ServerVersion()
	if err != nil {
		return nil, err
	}
	w.version = info.GitVersion
	admin, err := w.plane.ServiceAccount(ctx, metav1.NamespaceDefault, "conformance")
	if err != nil {
		return nil, err
	}
	_, err = client.RbacV1().ClusterRoleBindings().Create(ctx, &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "conformance"},
		Subjects:   []rbacv1.Subject{{Kind: rbacv1.ServiceAccountKind, Namespace: metav1.NamespaceDefault, Name: "conformance"}},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "cluster-admin"},
	}, metav1.CreateOptions{})
	if err != nil {
		return nil, err
	}
	return admin, makeNode(ctx, client)
}

// makeNode makes one that says it is ready; nobody runs it.
func makeNode(ctx context.Context, client kubernetes.Interface) error {
	room := corev1.ResourceList{
		corev1.ResourceCPU: resource.MustParse("4"), corev1.ResourceMemory: resource.MustParse("8Gi"), corev1.ResourcePods: resource.MustParse("110"),
	}
	node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: "node-1", Labels: map[string]string{corev1.LabelHostname: "node-1"}}}
	node, err := client.CoreV1().Nodes().Create(ctx, node, metav1.CreateOptions{})
	if err != nil {
		return err
	}
	now := metav1.Now()
	node.Status = corev1.NodeStatus{
		Capacity: room, Allocatable: room,
		Addresses:  []corev1.NodeAddress{{Type: corev1.NodeInternalIP, Address: "10.255.0.1"}},
		Conditions: []corev1.NodeCondition{{Type: corev1.NodeReady, Status: corev1.ConditionTrue, Reason: "NobodyRunsIt", LastHeartbeatTime: now, LastTransitionTime: now}},
	}
	_, err = client.CoreV1().Nodes().UpdateStatus(ctx, node, metav1.UpdateOptions{})
	return err
}

func (w *world) path(name string) string { return filepath.Join(w.dir, name+".kubeconfig") }

func (w *world) heading() string {
	return fmt.Sprintf("%s, Kubernetes %s\n\n", time.Now().UTC().Format(time.DateOnly), w.version)
}

// compare runs a gate each way.
func (w *world) compare(ctx context.Context, o options, g gate) (comparison, error) {
	c := comparison{gate: g}
	dir := o.out
	if dir == "" {
		dir = w.dir
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return c, err
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return c, err
	}
	for _, way := range ways() {
		before, err := w.answered(ctx)
		if err != nil {
			return c, err
		}
		came, err := ginkgo(ctx, o, g, way, w.path(way.kubeconfig), dir)
		if err != nil {
			return c, err
		}
		after, err := w.answered(ctx)
		if err != nil {
			return c, err
		}
		came.way, came.answered = way, after.since(before)
		c.outcomes = append(c.outcomes, came)
	}
	return c, nil
}

func (w *world) stop() error {
	var errs []error
	if w.front != nil {
		errs = append(errs, w.front.Stop())
	}
	if w.plane != nil {
		errs = append(errs, w.plane.Stop())
	}
	if w.dir != "" {
		errs = append(errs, os.RemoveAll(w.dir))
	}
	return errors.Join(errs...)
}
