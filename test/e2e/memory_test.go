package e2e

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

const (
	// memoryLimit is what a k8cache is given, in bytes, and bulk how much more than that it is asked to hold, in objects of
	// a megabyte that cannot be compressed by much.
	memoryLimit = 64 << 20
	bulk        = 100
	// memorySlack is what is allocated while garbage is being collected, by which a soft limit is exceeded on a busy machine.
	memorySlack = 32 << 20
)

// memoryOf is how much memory the Go runtime of a k8cache of ours holds, in bytes: what GOMEMLIMIT is about.
func memoryOf(t *testing.T, front *env.Front) int {
	t.Helper()
	found := map[string]float64{}
	for line := range strings.Lines(string(admin(t, front, "/metrics").Body)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if strings.HasPrefix(name, "go_memstats_") {
			number, err := strconv.ParseFloat(value, 64)
			must(t, err)
			found[name] = number
		}
	}
	if found["go_memstats_sys_bytes"] == 0 {
		t.Fatal("no word on memory")
	}
	return int(found["go_memstats_sys_bytes"] - found["go_memstats_heap_released_bytes"])
}

// TestThreat34_MemoryRunsOut has more to keep than GOMEMLIMIT allows. What is there stays, what is too much is refused with a
// word on why or passed on, and once there is room it is kept.
func TestThreat34_MemoryRunsOut(t *testing.T) {
	ownPlane(t)
	t.Parallel()
	cluster, err := env.Another(t.Context(), "narrow")
	must(t, err)
	t.Cleanup(func() { check(t, "stop", cluster.Stop(context.Background())) })
	front := start(t, []testenv.Context{cluster.Context()}, testenv.ProcessOptions{
		Args: []string{"--memory-budget=8Mi"}, Env: []string{"GOMEMLIMIT=" + strconv.Itoa(memoryLimit)},
	})
	p := pair{cluster, front.Of(cluster)}
	who, space := user(t, cluster), cluster.Namespace("a")
	grant(t, cluster, who, space, readConfigMaps, readPods)
	knows(t, p.server, who, "/api/v1/pods")
	bulky := fillWith(t, cluster, space)

	before := memoryOf(t, front)
	for range 3 {
		answer := cached(t, p.server, get(who, "/api/v1/configmaps"))
		refused(t, "what has no room", answer, http.StatusServiceUnavailable, "ServiceUnavailable")
		if !strings.Contains(string(answer.Body), "memory") || answer.Header.Get("Retry-After") == "" {
			t.Errorf("no word on why, or on when to try again: %s", answer.Body)
		}
		answer = cached(t, p.server, get(cluster.Admin, "/api/v1/namespaces/"+space+"/configmaps?limit=1"))
		check(t, "what has no room, for who may see all", validate.FromServer(answer.Header))
		if answer.Code != http.StatusOK {
			t.Errorf("for who may see all: code %d", answer.Code)
		}
		check(t, "what was there", validate.FromMemory(p.sameList(t, cluster.Admin, "/api/v1/pods").Header))
	}
	if after := memoryOf(t, front); after > memoryLimit+memorySlack {
		t.Errorf("%d MB of memory, %d before, with a limit of %d", after>>20, before>>20, memoryLimit>>20)
	} else {
		t.Logf("%d MB of memory, %d before, with a limit of %d", after>>20, before>>20, memoryLimit>>20)
	}
	bulky()
	within(t, time.Minute, "room again", func() error {
		if answer := cached(t, p.server, get(who, "/api/v1/configmaps")); answer.Code != http.StatusOK {
			return fmt.Errorf("code %d", answer.Code)
		}
		return nil
	})
	seesUnion(t, p, who, "configmaps", []string{"a"})
}

// fillWith makes large objects; what it returns deletes them.
func fillWith(t *testing.T, cluster *env.Cluster, space string) (empty func()) {
	t.Helper()
	maps := cluster.Client.CoreV1().ConfigMaps(space)
	group, ctx := errgroup.WithContext(t.Context())
	group.SetLimit(4)
	for i := range bulk {
		group.Go(func() error {
			noise := make([]byte, 750_000)
			_, _ = rand.Read(noise) // never fails
			object := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("bulk-%d", i), Labels: map[string]string{"bulk": "yes"}}, Data: map[string]string{"noise": base64.StdEncoding.EncodeToString(noise)}}
			_, err := maps.Create(ctx, object, metav1.CreateOptions{})
			return err
		})
	}
	must(t, group.Wait())
	return func() {
		must(t, maps.DeleteCollection(t.Context(), metav1.DeleteOptions{}, metav1.ListOptions{LabelSelector: "bulk=yes"}))
	}
}
