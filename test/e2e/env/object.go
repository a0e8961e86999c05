package env

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/dynamic"
	"sigs.k8s.io/yaml"
)

// Object returns an object written as YAML.
func Object(text string) (*unstructured.Unstructured, error) {
	content, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("object: %w", err)
	}
	object := &unstructured.Unstructured{}
	if err := json.Unmarshal(content, object); err != nil {
		return nil, fmt.Errorf("object: %w", err)
	}
	return object, nil
}

// Create makes an object of any kind and remembers to delete it. What is in a namespace goes with that.
func (c *Cluster) Create(ctx context.Context, object *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	client, err := c.resource(object)
	if err != nil {
		return nil, err
	}
	made, err := client.Create(ctx, object, metav1.CreateOptions{})
	if err != nil {
		return nil, fmt.Errorf("create %s %s: %w", object.GetKind(), object.GetName(), err)
	}
	if made.GetNamespace() == "" {
		c.remember(func(ctx context.Context) error {
			return Absent(client.Delete(ctx, made.GetName(), metav1.DeleteOptions{}))
		})
	}
	return made, nil
}

// Delete removes an object that Create made.
func (c *Cluster) Delete(ctx context.Context, object *unstructured.Unstructured) error {
	client, err := c.resource(object)
	if err != nil {
		return err
	}
	return Absent(client.Delete(ctx, object.GetName(), metav1.DeleteOptions{}))
}

// Absent lets an object that is not there count as deleted.
func Absent(err error) error {
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

// resource returns the client of an object's kind, which may have been defined a moment ago.
func (c *Cluster) resource(object *unstructured.Unstructured) (dynamic.ResourceInterface, error) {
	kind := object.GroupVersionKind()
	mapping, err := c.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	if meta.IsNoMatchError(err) {
		c.mapper.Reset()
		mapping, err = c.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	}
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", kind, err)
	}
	if mapping.Scope.Name() == meta.RESTScopeNameRoot {
		return c.Dynamic.Resource(mapping.Resource), nil
	}
	return c.Dynamic.Resource(mapping.Resource).Namespace(object.GetNamespace()), nil
}

// createNamespace makes a namespace, and waits for its default service account where pods cannot be made without.
func (c *Cluster) createNamespace(ctx context.Context, name string) error {
	object, err := Object("{apiVersion: v1, kind: Namespace, metadata: {name: " + name + "}}")
	if err != nil {
		return err
	}
	if _, err := c.Create(ctx, object); err != nil {
		return err
	}
	if c.Plane != nil { // no admission of service accounts here
		return nil
	}
	return wait.PollUntilContextTimeout(ctx, 100*time.Millisecond, time.Minute, true, func(ctx context.Context) (bool, error) {
		_, err := c.Client.CoreV1().ServiceAccounts(name).Get(ctx, "default", metav1.GetOptions{})
		return err == nil, Absent(err)
	})
}

func (c *Cluster) remember(undo func(context.Context) error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.undo = append(c.undo, undo)
}
