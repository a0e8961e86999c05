package e2e

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"k8s.io/client-go/rest"

	"github.com/k8cache/k8cache/hack/testenv"
)

// TestQuietWatchesGoOn for longer than a client may take to read an event, over HTTP/2 as client-go speaks it. The controller
// manager puts a config map of its own into each namespace, when it comes to it.
func TestQuietWatchesGoOn(t *testing.T) {
	t.Parallel()
	p := eastPair()
	namespace := namespace(t, p.cluster)
	client, err := rest.HTTPClientFor(shared.Front.Config(p.cluster, p.cluster.Admin.Config))
	must(t, err)
	t.Cleanup(client.CloseIdleConnections)
	from := versionOf(t, p.sameList(t, p.cluster.Admin, "/api/v1/namespaces/"+namespace+"/configmaps").Body)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
		p.server.URL+"/api/v1/namespaces/"+namespace+"/configmaps?watch=1&timeoutSeconds=40&fieldSelector=metadata.name%3Donly&resourceVersion="+from, nil)
	must(t, err)
	response, err := client.Do(request)
	must(t, err)
	defer response.Body.Close() //nolint:errcheck // read to its end
	if response.ProtoMajor != 2 {
		t.Fatalf("%s is spoken", response.Proto)
	}
	open := &stream{response: response, lines: bufio.NewReader(response.Body)}
	configMap(t, p.cluster, namespace, "only", "x")
	open.until(t, `"name":"only"`)
	if more := open.rest(t); len(more) > 0 {
		t.Errorf("got %q", more)
	}
}

// TestThreat35_PausedIsNotFresh stops k8cache for longer than an API server may be silent. When it goes on, its first
// answers have what happened meanwhile, or say that they may not, or there are none.
func TestThreat35_PausedIsNotFresh(t *testing.T) {
	t.Parallel()
	p := eastPair()
	front := start(t, []testenv.Context{p.cluster.Context()}, testenv.ProcessOptions{})
	p.server = front.Of(p.cluster)
	namespace := namespace(t, p.cluster)
	path := "/api/v1/namespaces/" + namespace + "/configmaps"
	p.sameList(t, p.cluster.Admin, path)
	must(t, front.Process.Signal(syscall.SIGSTOP))
	configMap(t, p.cluster, namespace, "meanwhile", "x")
	<-time.After(95 * time.Second) // beyond what counts as current
	must(t, front.Process.Signal(syscall.SIGCONT))
	for range 20 {
		answer := cached(t, p.server, get(p.cluster.Admin, path))
		told := strings.Contains(string(answer.Body), "meanwhile") || answer.Code != http.StatusOK || strings.HasPrefix(answer.Header.Get("Warning"), "299 ")
		if !told {
			t.Fatalf("shown as fresh, with Age %s: %s", answer.Header.Get("Age"), answer.Body)
		}
	}
	eventually(t, "what happened meanwhile", func() error {
		answer := cached(t, p.server, get(p.cluster.Admin, path))
		if !strings.Contains(string(answer.Body), "meanwhile") || answer.Header.Get("Warning") != "" {
			return fmt.Errorf("code %d, Warning %q", answer.Code, answer.Header.Get("Warning"))
		}
		return nil
	})
	p.sameList(t, p.cluster.Admin, path)
}
