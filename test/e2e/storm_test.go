package e2e

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// What the storm is made of: sized for a machine that does other things too.
const (
	stormMany      = 3000                               // objects of one namespace
	stormTiny      = 300                                // namespaces of one object
	stormLarge     = 8                                  // objects as large as etcd takes
	stormLargeSize = 1_400_000                          // bytes of text in each of them
	stormFor       = 6 * time.Second                    // of writes, as fast as the API server takes them
	stormWriters   = 24                                 // at once
	stormMemory    = 200 << 20                          // bytes that k8cache may hold at its end
	large          = "/apis/e2e.k8cache.dev/v1/widgets" // custom resources, because a config map takes a megabyte only
)

// TestThreat32_StormsAndExtremes has a namespace of many objects, many namespaces of one, objects of 1.4 MB, and writes as
// fast as they are taken while people list and watch. Then every byte is the API server's, and memory is bounded.
func TestThreat32_StormsAndExtremes(t *testing.T) {
	ownPlane(t)
	cluster, err := env.Another(t.Context(), "south")
	must(t, err)
	t.Cleanup(func() { check(t, "stop", cluster.Stop(context.Background())) })
	front := start(t, []testenv.Context{cluster.Context()}, testenv.ProcessOptions{})
	p := pair{cluster, front.Of(cluster)}
	must(t, stormPlaces(t.Context(), cluster))
	who := user(t, cluster)
	many, tiny := cluster.Namespace("many"), cluster.Namespace("tiny-7")
	grant(t, cluster, who, many, readConfigMaps)
	grant(t, cluster, who, tiny, readConfigMaps)
	knows(t, p.server, who, "/api/v1/namespaces/"+tiny+"/configmaps")

	open := watch(t, p.server, who, "/api/v1/configmaps?watch=1&resourceVersion="+versionOf(t, cached(t, p.server, get(who, "/api/v1/configmaps")).Body))
	began := time.Now()
	writes, lists := storm(t, p, who)
	t.Logf("%d writes and %d lists in %s", writes, lists, time.Since(began).Round(time.Millisecond))
	configMap(t, cluster, tiny, "last", "x")
	if events := open.until(t, `"name":"last"`); len(events) < writes/2 {
		t.Errorf("%d events of %d writes", len(events), writes)
	}
	for _, path := range []string{"/api/v1/configmaps", "/api/v1/namespaces/" + many + "/configmaps", "/api/v1/namespaces/" + tiny + "/configmaps", "/api/v1/namespaces", large} {
		eventually(t, path, func() error { return isOf(t, p.server, cluster, path) })
	}
	check(t, "the user's part", validate.FromMemory(seesUnion(t, p, who, "configmaps", []string{"many", "tiny-7"}).Header))
	if used := memoryOf(t, front); used > stormMemory {
		t.Errorf("%d MB of memory, more than %d", used>>20, stormMemory>>20)
	} else {
		t.Logf("%d MB of memory", used>>20)
	}
}

// stormPlaces makes what the storm is about.
func stormPlaces(ctx context.Context, cluster *env.Cluster) error {
	many := cluster.Namespace("many")
	namespaces := []string{many}
	for i := range stormTiny {
		namespaces = append(namespaces, cluster.Namespace(fmt.Sprintf("tiny-%d", i)))
	}
	group, making := errgroup.WithContext(ctx)
	group.SetLimit(stormWriters)
	for _, name := range namespaces {
		group.Go(func() error {
			space := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name}}
			if _, err := cluster.Client.CoreV1().Namespaces().Create(making, space, metav1.CreateOptions{}); err != nil {
				return err
			}
			return stormWrite(making, cluster, name, "only", 0)
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	group, making = errgroup.WithContext(ctx)
	group.SetLimit(stormWriters)
	for i := range stormMany {
		group.Go(func() error { return stormWrite(making, cluster, many, fmt.Sprintf("of-many-%d", i), 0) })
	}
	for i := range stormLarge {
		group.Go(func() error {
			widget, err := env.Object(fmt.Sprintf("{apiVersion: e2e.k8cache.dev/v1, kind: Widget, metadata: {namespace: %s, name: large-%d}, spec: {note: '%s'}}", many, i,
				strings.Repeat("0123456789abcd", stormLargeSize/14)))
			if err != nil {
				return err
			}
			_, err = cluster.Create(making, widget)
			return err
		})
	}
	return group.Wait()
}

func stormWrite(ctx context.Context, cluster *env.Cluster, namespace, name string, i int) error {
	object := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: name}, Data: map[string]string{"i": strconv.Itoa(i)}}
	maps := cluster.Client.CoreV1().ConfigMaps(namespace)
	if i == 0 {
		_, err := maps.Create(ctx, object, metav1.CreateOptions{})
		return err
	}
	_, err := maps.Update(ctx, object, metav1.UpdateOptions{})
	return err
}

// storm writes and lists for a while, and says how often.
func storm(t *testing.T, p pair, who *testenv.Identity) (writes, lists int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), stormFor)
	defer cancel()
	var all errgroup.Group
	var mu sync.Mutex
	count := func(n *int) {
		mu.Lock()
		defer mu.Unlock()
		*n++
	}
	for w := range stormWriters {
		all.Go(func() error {
			for i := w; ctx.Err() == nil; i += stormWriters {
				if err := stormWrite(ctx, p.cluster, p.cluster.Namespace("many"), fmt.Sprintf("of-many-%d", i%stormMany), i+1); err != nil && ctx.Err() == nil {
					return err
				}
				count(&writes)
			}
			return nil
		})
	}
	for range 2 {
		all.Go(func() error {
			for ctx.Err() == nil {
				answer, err := p.server.Ask(ctx, get(who, "/api/v1/configmaps"))
				if err != nil && ctx.Err() == nil {
					return err
				}
				if err == nil && (answer.Code != http.StatusOK || bytes.Contains(answer.Body, []byte(`"namespace":"`+p.cluster.Namespace("tiny-8")+`"`))) {
					return fmt.Errorf("code %d, or what nobody let them see", answer.Code)
				}
				count(&lists)
			}
			return nil
		})
	}
	must(t, all.Wait())
	return writes, lists
}
