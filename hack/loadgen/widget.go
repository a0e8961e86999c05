package loadgen

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset/typed/apiextensions/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/yaml"
)

// widgetCRD is the definition of the custom resource.
//
//go:embed widget.yaml
var widgetCRD []byte

// WidgetResource is the custom resource that Populate defines and writes.
func WidgetResource() schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "demo.k8cache.dev", Version: "v1", Resource: "widgets"}
}

// defineWidgets makes the custom resource known and returns when it is served.
func defineWidgets(ctx context.Context, client apiextensions.CustomResourceDefinitionInterface) error {
	definition := &apiextensionsv1.CustomResourceDefinition{}
	if err := yaml.UnmarshalStrict(widgetCRD, definition); err != nil {
		return fmt.Errorf("parse widget.yaml: %w", err)
	}
	if _, err := client.Create(ctx, definition, metav1.CreateOptions{}); err != nil && !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("define widgets: %w", err)
	}
	err := wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, 30*time.Second, true, func(ctx context.Context) (bool, error) {
		got, err := client.Get(ctx, definition.Name, metav1.GetOptions{})
		return err == nil && established(got), err
	})
	if err != nil {
		return fmt.Errorf("wait for widgets to be served: %w", err)
	}
	return nil
}

func established(definition *apiextensionsv1.CustomResourceDefinition) bool {
	for _, condition := range definition.Status.Conditions {
		if condition.Type == apiextensionsv1.Established && condition.Status == apiextensionsv1.ConditionTrue {
			return true
		}
	}
	return false
}

func (p *plan) widget(number int) *unstructured.Unstructured {
	app, random := p.appOf(number), p.random("widget", number)
	labels := map[string]any{}
	for key, value := range appLabels(app) {
		labels[key] = value
	}
	colours := []any{"red", "green", "blue", "black"}
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": WidgetResource().GroupVersion().String(),
		"kind":       "Widget",
		"metadata": map[string]any{
			"name": fmt.Sprintf("%s-%d", app.name, number), "namespace": app.namespace, "labels": labels,
		},
		"spec": map[string]any{
			"colour": colours[random.IntN(len(colours))],
			"size":   random.Int64N(1000),
			"parts":  []any{map[string]any{"name": hash(random, 8), "weight": "250m"}, map[string]any{"name": hash(random, 8), "weight": "2"}},
		},
	}}
}
