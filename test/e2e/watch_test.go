package e2e

import (
	"bufio"
	"compress/gzip"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// stream is an open watch.
type stream struct {
	response *http.Response
	lines    *bufio.Reader
}

// watch opens one. It ends with the test.
func watch(t *testing.T, server *env.Server, who *testenv.Identity, path string, lines ...string) *stream {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), soon)
	response, err := server.Open(ctx, get(who, path, lines...))
	must(t, err)
	t.Cleanup(func() {
		cancel()
		_ = response.Body.Close() // cut off on purpose
	})
	if response.StatusCode != http.StatusOK {
		t.Fatalf("watch %s: code %d", path, response.StatusCode)
	}
	if response.Header.Get("Content-Encoding") == "gzip" {
		body, err := gzip.NewReader(response.Body)
		must(t, err)
		return &stream{response: response, lines: bufio.NewReader(body)}
	}
	return &stream{response: response, lines: bufio.NewReader(response.Body)}
}

// watch opens one of each server.
func (p pair) watch(t *testing.T, path string, lines ...string) (want, got *stream) {
	t.Helper()
	return watch(t, p.cluster.Server, p.cluster.Admin, path, lines...), watch(t, p.server, p.cluster.Admin, path, lines...)
}

// until reads events up to one that has a text, which is the last.
func (s *stream) until(t *testing.T, text string) []string {
	t.Helper()
	var events []string
	for {
		line, err := s.lines.ReadString('\n')
		if err != nil {
			t.Fatalf("after %d events, before %q: %v", len(events), text, err)
		}
		events = append(events, line)
		if strings.Contains(line, text) {
			return events
		}
	}
}

// happenings make, change, relabel and delete config maps, and end with one of a given name.
func happenings(t *testing.T, cluster *env.Cluster, namespace, last string) {
	t.Helper()
	maps := cluster.Client.CoreV1().ConfigMaps(namespace)
	patch := func(name, body string) {
		t.Helper()
		_, err := maps.Patch(t.Context(), name, types.MergePatchType, []byte(body), metav1.PatchOptions{})
		must(t, err)
	}
	for i := range 5 {
		name := fmt.Sprintf("cm-%d", i)
		configMap(t, cluster, namespace, name, "<&> 雪")
		patch(name, `{"metadata":{"labels":{"chosen":"yes"}}}`)
		patch(name, `{"data":{"value":"changed"}}`)
		if i%2 == 0 {
			patch(name, `{"metadata":{"labels":{"chosen":"no"}}}`)
		}
		if i%3 == 0 {
			must(t, maps.Delete(t.Context(), name, metav1.DeleteOptions{}))
		}
	}
	configMap(t, cluster, namespace, last, "x")
	patch(last, `{"metadata":{"labels":{"chosen":"yes"}}}`)
}

// TestWatchIsTheAPIServersByteForByte watches the same things both ways while they change.
func TestWatchIsTheAPIServersByteForByte(t *testing.T) {
	p := eastPair()
	namespace := namespace(t, p.cluster)
	path := "/api/v1/namespaces/" + namespace + "/configmaps"
	from := versionOf(t, direct(t, p.cluster, get(p.cluster.Admin, path)).Body)
	queries := map[string]string{
		"everything": "", "by label": "&labelSelector=chosen%3Dyes", "by name": "&fieldSelector=metadata.name%3Dlast-of-all", "with a name that is not": "&fieldSelector=metadata.name!%3Dcm-1",
	}
	type both struct{ direct, cached *stream }
	streams := map[string]both{}
	for name, query := range queries {
		query = path + "?watch=1&resourceVersion=" + from + query
		want, got := p.watch(t, query)
		streams[name] = both{want, got}
	}
	happenings(t, p.cluster, namespace, "last-of-all")
	for name, stream := range streams {
		check(t, name, validate.SameHeaders(stream.direct.response.Header, stream.cached.response.Header))
		check(t, name, validate.Source(stream.cached.response.Header))
		// With a label selector the last event is the one by which it enters.
		end := `"name":"last-of-all"`
		check(t, name, validate.SameEvents(stream.direct.until(t, end), stream.cached.until(t, end)))
	}
}

// TestWatchBeginsWithWhatIsThere where no version is given.
func TestWatchBeginsWithWhatIsThere(t *testing.T) {
	p := eastPair()
	path := "/api/v1/namespaces/" + p.cluster.Namespace("a-b") + "/pods"
	want := list(t, direct(t, p.cluster, get(p.cluster.Admin, path)))
	last := fmt.Sprintf(`"name":"%s"`, want.Items[len(want.Items)-1].Name)
	for _, query := range []string{"?watch=1", "?watch=true&resourceVersion=0", "?watch&timeoutSeconds=5", "?watch=true&timeoutSeconds=5&timeout=7s", "?watch=1&timeout=soon"} {
		want, got := p.watch(t, path+query)
		check(t, query, validate.FromMemory(got.response.Header))
		check(t, query, sameLines(want.until(t, last), got.until(t, last)))
	}
}

// sameLines compares events that come in the order of keys, not of versions.
func sameLines(want, got []string) error {
	return validate.SameBytes([]byte(strings.Join(want, "")), []byte(strings.Join(got, "")))
}

// TestThreat09_WatchOfAPart has the events of the caller's namespaces, and no others, while both change.
func TestThreat09_WatchOfAPart(t *testing.T) {
	p := eastPair()
	who, mine, other := user(t, p.cluster), namespace(t, p.cluster), namespace(t, p.cluster)
	grant(t, p.cluster, who, mine, readConfigMaps)
	path := "/api/v1/namespaces/" + mine + "/configmaps"
	knows(t, p.server, who, path)
	from := "?watch=1&resourceVersion=" + versionOf(t, direct(t, p.cluster, get(who, path)).Body)
	want, got := watch(t, p.cluster.Server, who, path+from), watch(t, p.server, who, "/api/v1/configmaps"+from)
	happenings(t, p.cluster, other, "last-of-others")
	happenings(t, p.cluster, mine, "last-of-mine")
	end := `"name":"last-of-mine"`
	check(t, "the caller's part", validate.SameEvents(want.until(t, end), got.until(t, end)))
	if answer := cached(t, p.server, get(who, "/api/v1/configmaps?watch=1&scope=strict")); answer.Code != http.StatusForbidden {
		t.Errorf("strict: code %d, want 403", answer.Code)
	}
	p.same(t, get(who, "/api/v1/namespaces/"+other+"/configmaps?watch=1"))
	p.same(t, get(user(t, p.cluster), "/api/v1/configmaps?watch=1"))
}

// TestThreat09_RightsLostWhileWatching cut the stream, or what comes of it: nothing of the namespace may follow.
func TestThreat09_RightsLostWhileWatching(t *testing.T) {
	p := eastPair()
	who, mine, other := user(t, p.cluster), namespace(t, p.cluster), namespace(t, p.cluster)
	for _, namespace := range []string{mine, other} {
		grant(t, p.cluster, who, namespace, readConfigMaps)
	}
	seesBoth := "/api/v1/namespaces/" + other + "/configmaps"
	knows(t, p.server, who, "/api/v1/namespaces/"+mine+"/configmaps")
	knows(t, p.server, who, seesBoth)
	open := watch(t, p.server, who, "/api/v1/configmaps?watch=1&timeoutSeconds=10")
	configMap(t, p.cluster, other, "before", "x")
	open.until(t, `"name":"before"`)
	bindings := p.cluster.Client.RbacV1().RoleBindings(other)
	must(t, bindings.DeleteCollection(t.Context(), metav1.DeleteOptions{}, metav1.ListOptions{}))
	eventually(t, "the loss", func() error {
		if answer := cached(t, p.server, get(who, seesBoth)); answer.Code != http.StatusForbidden {
			return fmt.Errorf("code %d", answer.Code)
		}
		return nil
	})
	configMap(t, p.cluster, other, "after", "x")
	configMap(t, p.cluster, mine, "mine", "x")
	for {
		line, err := open.lines.ReadString('\n')
		if err != nil {
			return // the stream ended: the client lists again
		}
		if strings.Contains(line, `"name":"after"`) {
			t.Errorf("an event of the lost namespace: %s", line)
		}
		if strings.Contains(line, `"name":"mine"`) {
			return
		}
	}
}
