package loadgen

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestPlanIsTheSameForTheSameSeed(t *testing.T) {
	one, same, other := newPlan(small()), newPlan(small()), newPlan(Options{Counts: Mix(240), Namespaces: 8, Seed: 2})
	for number := range 240 {
		if diff := cmp.Diff(one.pod(number), same.pod(number)); diff != "" {
			t.Fatalf("pod %d differs:\n%s", number, diff)
		}
		if cmp.Equal(one.pod(number), other.pod(number)) {
			t.Errorf("pod %d is the same with another seed", number)
		}
	}
}

func TestNamespaces(t *testing.T) {
	p := newPlan(Options{})
	sizes := map[string]int{}
	for number := range 10000 {
		sizes[p.pod(number).Namespace]++
	}
	if big := sizes[p.namespaces[0]]; big != 2000 {
		t.Errorf("got %d pods in the big namespace, want 2000", big)
	}
	if first, last := sizes[p.namespaces[1]], sizes[p.namespaces[199]]; first < 2*max(last, 1) {
		t.Errorf("got %d and %d pods in the second and the last namespace, want uneven ones", first, last)
	}
	names := slices.Sorted(slices.Values(Options{Namespaces: 1000}.NamespaceNames()))
	if unique := slices.Compact(slices.Clone(names)); len(unique) != 1000 {
		t.Errorf("got %d different names, want 1000", len(unique))
	}
}

func TestNamesAreUnique(t *testing.T) {
	p, seen := newPlan(Options{}), map[string]bool{}
	see := func(kind string, object metav1.Object) {
		key := kind + " " + object.GetNamespace() + "/" + object.GetName()
		if seen[key] {
			t.Errorf("%s twice", key)
		}
		seen[key] = true
	}
	counts := p.options.Counts
	for number := range 2 * counts.Pods { // churn goes beyond the count
		see("pod", p.pod(number))
	}
	for number := range counts.Deployments {
		see("deployment", p.deployment(number))
	}
	for number := range counts.ReplicaSets {
		see("replicaset", p.replicaSet(number))
	}
	for number := range 3 * counts.Services {
		see("service", p.service(number))
	}
	for number := range 3 * counts.ConfigMaps {
		see("configmap", p.configMap(number))
	}
	for number := range 2 * counts.Events {
		see("event", p.event(number, time.Now()))
	}
	for number := range counts.Widgets {
		see("widget", p.widget(number))
	}
}
