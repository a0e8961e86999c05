package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// missed makes, changes and deletes config maps of which "stays" and "goes" were there before.
func missed(t *testing.T, cluster *env.Cluster, namespace string) {
	t.Helper()
	maps := cluster.Client.CoreV1().ConfigMaps(namespace)
	configMap(t, cluster, namespace, "comes", "x")
	configMap(t, cluster, namespace, "comes-and-goes", "x")
	must(t, maps.Delete(t.Context(), "comes-and-goes", metav1.DeleteOptions{}))
	must(t, maps.Delete(t.Context(), "goes", metav1.DeleteOptions{}))
	for _, value := range []string{"once", "twice"} {
		_, err := maps.Patch(t.Context(), "stays", types.MergePatchType, []byte(`{"data":{"value":"`+value+`"}}`), metav1.PatchOptions{})
		must(t, err)
	}
	configMap(t, cluster, namespace, "last-missed", "x")
}

// away opens a watch through a tap, and one at the API server beside it, and has things happen while the tap keeps k8cache
// from hearing of them.
func away(t *testing.T, meanwhile, back func(next http.Handler) http.Handler) (p pair, within, listed string, want, got *stream) {
	t.Helper()
	tap, p := tapped(t)
	within = namespace(t, p.cluster)
	path := "/api/v1/namespaces/" + within + "/configmaps"
	configMap(t, p.cluster, within, "stays", "x")
	configMap(t, p.cluster, within, "goes", "x")
	p.settles(t, path, "goes", "kube-root-ca.crt", "stays")
	listed = versionOf(t, direct(t, p.cluster, get(p.cluster.Admin, path)).Body)
	query := path + "?watch=1&resourceVersion=" + listed
	want, got = p.watch(t, query)
	configMap(t, p.cluster, within, "before", "x")
	end := `"name":"before"`
	check(t, "before", validate.SameEvents(want.until(t, end), got.until(t, end)))
	tap.Rule(meanwhile)
	tap.Cut()
	missed(t, p.cluster, within)
	tap.Rule(back)
	return p, within, listed, want, got
}

// TestWatchesRideOutReconnects has every event from around the loss of the connection, byte for byte, on the stream that
// was open before.
func TestWatchesRideOutReconnects(t *testing.T) {
	t.Parallel()
	_, _, _, want, got := away(t, nil, nil)
	end := `"name":"last-missed"`
	check(t, "missed", validate.SameEvents(want.until(t, end), got.until(t, end)))
}

// TestWatchesRideOutExpiry has what became of it where the API server does not know any more how it came about: the objects
// as they are now, in the order of versions, and what is gone as deleted, at a version above that of the client's list. The
// stream goes on.
func TestWatchesRideOutExpiry(t *testing.T) {
	t.Parallel()
	p, namespace, listed, want, got := away(t, env.Down, expired)
	end := `"name":"last-missed"`
	happened := want.until(t, end)
	var events []string // the deletion may come last: when it was is not known
	for range 4 {
		line, err := got.lines.ReadString('\n')
		if err != nil {
			t.Fatalf("after %q: %v", events, err)
		}
		events = append(events, line)
	}
	check(t, "order", validate.OrderedEvents(events))
	check(t, "versions", validate.Forward([]string{listed, versionIn(t, events[0])}))
	var told []string
	for _, event := range events {
		told = append(told, kindAndName(t, event))
	}
	slices.Sort(told)
	if wanted := []string{"ADDED comes", "ADDED last-missed", "DELETED goes", "MODIFIED stays"}; !slices.Equal(told, wanted) {
		t.Errorf("told %q, want %q", told, wanted)
	}
	for _, event := range events {
		if !strings.HasPrefix(event, `{"type":"DELETED"`) && !slices.Contains(happened, event) {
			t.Errorf("the API server has not sent %s", event)
		}
	}
	configMap(t, p.cluster, namespace, "after", "x")
	after := `"name":"after"`
	check(t, "after", validate.SameEvents(want.until(t, after), got.until(t, after)))
	p.sameList(t, p.cluster.Admin, "/api/v1/namespaces/"+namespace+"/configmaps")
}

// expired is a rule under which no watch can be taken up from a version.
func expired(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		if strings.HasSuffix(r.URL.Path, "/configmaps") && query.Has("watch") && !query.Has("sendInitialEvents") {
			status := metav1.Status{
				TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"}, Status: metav1.StatusFailure,
				Message: "too old resource version", Reason: metav1.StatusReasonExpired, Code: http.StatusGone,
			}
			w.Header().Set("Content-Type", "application/json")
			_ = json.NewEncoder(w).Encode(map[string]any{"type": "ERROR", "object": status}) // k8cache may be gone
			return
		}
		next.ServeHTTP(w, r)
	})
}

// eventHead is what a client reads of an event first.
type eventHead struct {
	Type   string
	Object struct {
		Metadata struct{ Name, ResourceVersion string }
	}
}

func headOf(t *testing.T, event string) eventHead {
	t.Helper()
	var head eventHead
	must(t, json.Unmarshal([]byte(event), &head))
	return head
}

func versionIn(t *testing.T, event string) string {
	t.Helper()
	return headOf(t, event).Object.Metadata.ResourceVersion
}

func kindAndName(t *testing.T, event string) string {
	t.Helper()
	head := headOf(t, event)
	return head.Type + " " + head.Object.Metadata.Name
}

// TestWatchFromVersionsThatAreNotThere ends as at the API server where the past is gone or the future does not come, and
// says nothing where the future may still come.
func TestWatchFromVersionsThatAreNotThere(t *testing.T) {
	t.Parallel()
	p := eastPair()
	namespace := namespace(t, p.cluster)
	path := "/api/v1/namespaces/" + namespace + "/configmaps"
	p.sameList(t, p.cluster.Admin, path)
	const future = "999999999999"
	initial := "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true"
	for name, query := range map[string]string{
		"the future, from the start":    "&resourceVersion=" + future + initial,
		"the future":                    "&timeoutSeconds=2&resourceVersion=" + future,
		"the future, with bookmarks":    "&timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion=" + future,
		"the future, no initial events": "&timeoutSeconds=1&sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=" + future,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := watch(t, p.cluster.Server, p.cluster.Admin, path+"?watch=1"+query)
			got := watch(t, p.server, p.cluster.Admin, path+"?watch=1"+query)
			check(t, name, validate.SameHeaders(want.response.Header, got.response.Header))
			check(t, name, sameButNumbers(want.rest(t), got.rest(t)))
		})
	}
}

// TestWatchFromBeforeTheLog is refused as by an API server whose log does not reach back so far. That of a young cluster
// still does.
func TestWatchFromBeforeTheLog(t *testing.T) {
	p := eastPair()
	lines := watch(t, p.server, p.cluster.Admin, "/api/v1/configmaps?watch=1&resourceVersion=1").rest(t)
	check(t, "the log's end", sameButNumbers([]string{`{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":` +
		`"too old resource version: 1 (1075)","reason":"Expired","code":410}}` + "\n"}, lines))
}

var versions = regexp.MustCompile(`(version: |current: |\()[0-9]+`)

// sameButNumbers compares events in which the versions of now stand.
func sameButNumbers(want, got []string) error {
	clean := func(lines []string) []byte {
		return versions.ReplaceAll([]byte(strings.Join(lines, "")), []byte("${1}N"))
	}
	if w, g := clean(want), clean(got); !bytes.Equal(w, g) {
		return fmt.Errorf("%w: direct %q, cached %q", validate.ErrEvents, w, g)
	}
	return nil
}
