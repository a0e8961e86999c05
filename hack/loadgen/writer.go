package loadgen

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset/typed/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// The field managers, one per kind of writer, as a real cluster's objects show them.
const (
	controllers = "kube-controller-manager"
	kubelet     = "kubelet"
	labeller    = "kubectl-label"
)

// writer writes the objects of a plan, by number.
type writer struct {
	plan    *plan
	typed   kubernetes.Interface
	dynamic dynamic.Interface
	crds    apiextensions.CustomResourceDefinitionInterface
	// now is when the run began: the times within objects are counted back from it.
	now time.Time
}

func newWriter(config *rest.Config, options Options) (*writer, error) {
	config = rest.CopyConfig(config)
	config.QPS = -1 // Workers and Rate are the limits
	config.UserAgent = "k8cache-loadgen"
	w := &writer{plan: newPlan(options), now: time.Now()}
	extensions, err := apiextensions.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("client for definitions: %w", err)
	}
	w.crds = extensions.CustomResourceDefinitions()
	if w.dynamic, err = dynamic.NewForConfig(config); err != nil {
		return nil, fmt.Errorf("client for custom resources: %w", err)
	}
	// Protobuf costs the API server, and us, a fraction of what JSON does.
	config.ContentType, config.AcceptContentTypes = runtime.ContentTypeProtobuf, runtime.ContentTypeProtobuf
	if w.typed, err = kubernetes.NewForConfig(config); err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	return w, nil
}

func created(by string) metav1.CreateOptions { return metav1.CreateOptions{FieldManager: by} }

func updated(by string) metav1.UpdateOptions { return metav1.UpdateOptions{FieldManager: by} }

func (w *writer) createNamespace(ctx context.Context, number int) error {
	_, err := w.typed.CoreV1().Namespaces().Create(ctx, w.plan.namespace(number), created("kubectl-create"))
	return err
}

func (w *writer) createDeployment(ctx context.Context, number int) error {
	deployment := w.plan.deployment(number)
	client := w.typed.AppsV1().Deployments(deployment.Namespace)
	deployment, err := client.Create(ctx, deployment, created("helm"))
	if err != nil {
		return err
	}
	deployment.Status = w.plan.deploymentStatus(deployment, w.now)
	_, err = client.UpdateStatus(ctx, deployment, updated(controllers))
	return err
}

func (w *writer) createReplicaSet(ctx context.Context, number int) error {
	set := w.plan.replicaSet(number)
	client := w.typed.AppsV1().ReplicaSets(set.Namespace)
	set, err := client.Create(ctx, set, created(controllers))
	if err != nil {
		return err
	}
	set.Status = replicaSetStatus(set)
	_, err = client.UpdateStatus(ctx, set, updated(controllers))
	return err
}

func (w *writer) createService(ctx context.Context, number int) error {
	service := w.plan.service(number)
	_, err := w.typed.CoreV1().Services(service.Namespace).Create(ctx, service, created("helm"))
	return err
}

func (w *writer) createConfigMap(ctx context.Context, number int) error {
	config := w.plan.configMap(number)
	_, err := w.typed.CoreV1().ConfigMaps(config.Namespace).Create(ctx, config, created("helm"))
	return err
}

func (w *writer) createEvent(ctx context.Context, number int) error {
	event := w.plan.event(number, w.now)
	_, err := w.typed.CoreV1().Events(event.Namespace).Create(ctx, event, created(kubelet))
	return err
}

func (w *writer) createWidget(ctx context.Context, number int) error {
	widget := w.plan.widget(number)
	_, err := w.dynamic.Resource(WidgetResource()).Namespace(widget.GetNamespace()).Create(ctx, widget, created("helm"))
	return err
}

// createPod takes two writes, because the API server takes no status on creating.
func (w *writer) createPod(ctx context.Context, number int) error {
	pod := w.plan.pod(number)
	client := w.typed.CoreV1().Pods(pod.Namespace)
	pod, err := client.Create(ctx, pod, created(controllers))
	if err != nil {
		return err
	}
	pod.Status = w.podStatus(pod, number, pickHealth(w.plan.random("health", number)))
	_, err = client.UpdateStatus(ctx, pod, updated(kubelet))
	return err
}

func (w *writer) podStatus(pod *corev1.Pod, number int, health health) corev1.PodStatus {
	return podStatus(pod, health, w.plan.random("status", number), w.now)
}

// patchPodStatus gives a pod another health, whatever version of it is there.
func (w *writer) patchPodStatus(ctx context.Context, number int, health health) error {
	pod := w.plan.pod(number)
	patch, err := json.Marshal(map[string]any{"status": w.podStatus(pod, number, health)})
	if err != nil {
		return err
	}
	return w.patchPod(ctx, pod, patch, kubelet, "status")
}

func (w *writer) labelPod(ctx context.Context, number int, release string) error {
	patch := fmt.Appendf(nil, `{"metadata":{"labels":{"release":%q}}}`, release)
	return w.patchPod(ctx, w.plan.pod(number), patch, labeller)
}

func (w *writer) patchPod(ctx context.Context, pod *corev1.Pod, patch []byte, by string, subresources ...string) error {
	options := metav1.PatchOptions{FieldManager: by}
	_, err := w.typed.CoreV1().Pods(pod.Namespace).Patch(ctx, pod.Name, types.StrategicMergePatchType, patch, options, subresources...)
	return err
}

// deletePod deletes at once: there is no kubelet that would end the pod's grace period.
func (w *writer) deletePod(ctx context.Context, number int) error {
	pod, now := w.plan.pod(number), int64(0)
	return w.typed.CoreV1().Pods(pod.Namespace).Delete(ctx, pod.Name, metav1.DeleteOptions{GracePeriodSeconds: &now})
}
