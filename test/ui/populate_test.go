package ui

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"
	authorizationv1 "k8s.io/api/authorization/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/k8cache/k8cache/hack/testenv"
)

const (
	// loadPods is how many pods the namespace load has.
	loadPods = 10_000
	// teamPods is how many each team has, of which alice sees those of two.
	teamPods = 12
)

var teams = []string{"team-a", "team-b", "team-c"}

// hostile is a name that a cluster takes (path segments may hold anything but / and %) and a page must not.
const hostile = `"><img src=x onerror=alert(1)>'; touch pwned #`

var (
	create = metav1.CreateOptions{}
	update = metav1.UpdateOptions{}
	now    = metav1.DeleteOptions{GracePeriodSeconds: new(int64)}
)

// populate makes what the tests look at.
func populate(ctx context.Context, config *rest.Config, client kubernetes.Interface) error {
	for _, namespace := range append([]string{"load", "odd"}, teams...) {
		object := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}
		if _, err := client.CoreV1().Namespaces().Create(ctx, object, create); err != nil {
			return err
		}
	}
	for _, step := range []func(context.Context, kubernetes.Interface) error{createTeams, createOddities, createMeasures, grantAlice, createLoad} {
		if err := step(ctx, client); err != nil {
			return err
		}
	}
	return testenv.WaitAllowed(ctx, config, authorizationv1.SubjectAccessReviewSpec{
		User:               "alice@example.com",
		ResourceAttributes: &authorizationv1.ResourceAttributes{Namespace: "team-b", Verb: "list", Resource: "pods"},
	})
}

func newPod(namespace, name string, labels map[string]string) *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, Labels: labels},
		Spec: corev1.PodSpec{
			Containers: []corev1.Container{{Name: "main", Image: "example/" + labels["app"] + ":1.4.2"}},
			NodeName:   "node-" + string(name[len(name)-1]),
		},
	}
}

// createTeams makes pods in the states that pods come to.
func createTeams(ctx context.Context, client kubernetes.Interface) error {
	apps := []string{"api", "web", "worker"}
	for _, team := range teams {
		for i := range teamPods {
			app := apps[i%len(apps)]
			pod := newPod(team, fmt.Sprintf("%s-7d4b9c6f5-%d", app, i), map[string]string{"app": app, "team": team})
			created, err := client.CoreV1().Pods(team).Create(ctx, pod, create)
			if err != nil {
				return err
			}
			created.Status = podStatus(i)
			if _, err := client.CoreV1().Pods(team).UpdateStatus(ctx, created, update); err != nil {
				return err
			}
		}
	}
	return nil
}

func podStatus(i int) corev1.PodStatus {
	container := corev1.ContainerStatus{Name: "main", Image: "main", ImageID: "main"}
	status := corev1.PodStatus{Phase: corev1.PodRunning}
	switch i {
	case 3:
		container.RestartCount = 17
		container.State.Waiting = &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff"}
	case 5:
		status.Phase = corev1.PodPending
		container.State.Waiting = &corev1.ContainerStateWaiting{Reason: "ImagePullBackOff"}
	case 7:
		status.Phase = corev1.PodSucceeded
		container.State.Terminated = &corev1.ContainerStateTerminated{Reason: "Completed"}
	case 8:
		return corev1.PodStatus{Phase: corev1.PodPending}
	default:
		container.Ready = true
		container.RestartCount = int32(i % 3)
		container.State.Running = &corev1.ContainerStateRunning{StartedAt: metav1.Now()}
	}
	status.ContainerStatuses = []corev1.ContainerStatus{container}
	return status
}

// createOddities makes objects whose texts would harm a page that took them for markup.
func createOddities(ctx context.Context, client kubernetes.Interface) error {
	role := &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: hostile}}
	if _, err := client.RbacV1().ClusterRoles().Create(ctx, role, create); err != nil {
		return err
	}
	turned := &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: "view\u202eresu\u200b"}}
	if _, err := client.RbacV1().ClusterRoles().Create(ctx, turned, create); err != nil {
		return err
	}
	object := &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: "odd", Name: "markup", Labels: map[string]string{"app": "odd"},
			Annotations: map[string]string{"note": `</pre><script>globalThis.harmed = true</script><svg onload="globalThis.harmed = true">`},
		},
		Data: map[string]string{"page.html": "<img src=x onerror='globalThis.harmed = true'>\n{\n}\n]"},
	}
	_, err := client.CoreV1().ConfigMaps("odd").Create(ctx, object, create)
	return err
}

// createMeasures makes a custom resource with a number that JavaScript cannot hold.
func createMeasures(ctx context.Context, client kubernetes.Interface) error {
	definition := `{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"measures.example.com"},
		"spec":{"group":"example.com","scope":"Cluster","names":{"plural":"measures","singular":"measure","kind":"Measure","shortNames":["ms"]},
		"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}]}}`
	object := `{"apiVersion":"example.com/v1","kind":"Measure","metadata":{"name":"big","labels":{"app":"odd","tier":"data"}},
		"spec":{"value":9007199254740993,"half":0.5,"empty":{},"none":[],"text":"a \"quoted\" text","list":[{"a":1},{"b":[true,null]}]}}`
	post := func(path, body string) error {
		return client.CoreV1().RESTClient().Post().AbsPath(path).SetHeader("Content-Type", "application/json").Body([]byte(body)).Do(ctx).Error()
	}
	if err := post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition); err != nil {
		return err
	}
	// The API server serves it a moment later.
	return wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, time.Minute, true, func(context.Context) (bool, error) {
		err := post("/apis/example.com/v1/measures", object)
		return err == nil, ignoreNotFound(err)
	})
}

func ignoreNotFound(err error) error {
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

// grantAlice lets her read the pods of two namespaces, and nothing else.
func grantAlice(ctx context.Context, client kubernetes.Interface) error {
	role := &rbacv1.ClusterRole{
		ObjectMeta: metav1.ObjectMeta{Name: "pods-of-a-team"},
		Rules:      []rbacv1.PolicyRule{{APIGroups: []string{""}, Resources: []string{"pods"}, Verbs: []string{"get", "list", "watch"}}},
	}
	if _, err := client.RbacV1().ClusterRoles().Create(ctx, role, create); err != nil {
		return err
	}
	for _, namespace := range []string{"team-a", "team-b"} {
		binding := &rbacv1.RoleBinding{
			ObjectMeta: metav1.ObjectMeta{Name: "alice"},
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role.Name},
			Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: "alice@example.com"}},
		}
		if _, err := client.RbacV1().RoleBindings(namespace).Create(ctx, binding, create); err != nil {
			return err
		}
	}
	return nil
}

// createLoad makes the many pods.
func createLoad(ctx context.Context, client kubernetes.Interface) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(16)
	for i := range loadPods {
		group.Go(func() error {
			pod := newPod("load", fmt.Sprintf("load-%05d", i), map[string]string{"app": "load", "shard": strconv.Itoa(i % 100)})
			_, err := client.CoreV1().Pods("load").Create(ctx, pod, create)
			return err
		})
	}
	return group.Wait()
}
