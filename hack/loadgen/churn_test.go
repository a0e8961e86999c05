package loadgen

import (
	"context"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

func checkChurn(t *testing.T, config *rest.Config, client kubernetes.Interface) {
	before, err := client.CoreV1().Pods("").List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	changes, err := client.CoreV1().Pods("").Watch(t.Context(), metav1.ListOptions{ResourceVersion: before.ResourceVersion})
	if err != nil {
		t.Fatal(err)
	}
	defer changes.Stop()
	options := small()
	options.Rate, options.MaxWrites = 500, 300
	stats, err := Churn(t.Context(), config, options)
	if err != nil || stats.Failed > 0 || stats.Writes < 250 {
		t.Fatalf("got %+v, %v", stats, err)
	}
	if stats.Took < 300*time.Millisecond {
		t.Errorf("300 changes at 500 a second took only %s", stats.Took)
	}
	seeEachType(t, changes)
	after, err := client.CoreV1().Pods("").List(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if difference := len(after.Items) - len(before.Items); difference < -5 || difference > 5 {
		t.Errorf("churn changed the number of pods by %d", difference)
	}
}

// seeEachType waits until a watch has told of something added, something modified and something deleted.
func seeEachType(t *testing.T, from watch.Interface) {
	t.Helper()
	seen := map[watch.EventType]bool{}
	for len(seen) < 3 {
		select {
		case event := <-from.ResultChan():
			seen[event.Type] = true
		case <-time.After(10 * time.Second):
			t.Fatalf("saw only %v", seen)
		}
	}
}

func checkChurnUntilContextEnds(t *testing.T, config *rest.Config) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if stats, err := Churn(ctx, config, small()); err != nil || stats.Failed > 0 {
		t.Errorf("churn until the context ends: got %+v, %v", stats, err)
	}
	if ctx.Err() == nil {
		t.Error("churn ended before its context")
	}
}
