package e2e

import (
	"context"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/rand"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
)

// user makes a caller who may do nothing yet.
func user(t *testing.T, cluster *env.Cluster) *testenv.Identity {
	t.Helper()
	who, err := cluster.User(t.Context(), unique("user"))
	must(t, err)
	return who
}

// unique is a name that no other test has.
func unique(kind string) string { return kind + "-" + rand.String(6) }

// object makes an object written as YAML, and deletes it after the test.
func object(t *testing.T, cluster *env.Cluster, text string) *unstructured.Unstructured {
	t.Helper()
	object, err := env.Object(strings.ReplaceAll(text, "\t", "  "))
	must(t, err)
	made, err := cluster.Create(t.Context(), object)
	must(t, err)
	t.Cleanup(func() { check(t, "clean up", cluster.Delete(context.Background(), made)) })
	return made
}

// namespace makes one that only this test knows.
func namespace(t *testing.T, cluster *env.Cluster) string {
	t.Helper()
	name := cluster.Namespace(unique("t"))
	object(t, cluster, "{apiVersion: v1, kind: Namespace, metadata: {name: "+name+"}}")
	return name
}

// configMap makes one with a value in a namespace.
func configMap(t *testing.T, cluster *env.Cluster, namespace, name, value string) *unstructured.Unstructured {
	t.Helper()
	return object(t, cluster, "{apiVersion: v1, kind: ConfigMap, metadata: {name: "+name+", namespace: "+namespace+"}, data: {value: '"+value+"'}}")
}

// widget makes a custom object in a namespace.
func widget(t *testing.T, cluster *env.Cluster, namespace, name string) *unstructured.Unstructured {
	t.Helper()
	return object(t, cluster, "{apiVersion: e2e.k8cache.dev/v1, kind: Widget, metadata: {name: "+name+", namespace: "+namespace+", labels: {b: '1', a: '2'}}, spec: {size: 1}}")
}

// remove deletes an object that a test made before the test ends.
func remove(t *testing.T, cluster *env.Cluster, object *unstructured.Unstructured) {
	t.Helper()
	must(t, cluster.Delete(t.Context(), object))
}
