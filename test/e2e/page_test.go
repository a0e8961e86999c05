package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
)

// page is a list in a browser that a WebSocket keeps up to date, as Headlamp's does: it leaves out events that are not
// newer than what it shows, it takes over their version, it knows objects by their UIDs, and it never connects again.
type page struct {
	version int
	rows    map[string]string // name by UID
	conn    *env.Conn
}

// told is one event of a page's stream.
type told struct {
	Type   string
	Object struct {
		Metadata metav1.ObjectMeta
		Code     int
	}
}

// open lists as somebody and watches from there.
func open(t *testing.T, server *env.Server, who *testenv.Identity, path string) *page {
	t.Helper()
	var first metav1.PartialObjectMetadataList
	must(t, json.Unmarshal(cached(t, server, get(who, path)).Body, &first))
	p := &page{rows: map[string]string{}}
	for _, item := range first.Items {
		p.rows[string(item.UID)] = item.Name
	}
	var err error
	p.version, err = strconv.Atoi(first.ResourceVersion)
	must(t, err)
	text := upgrade(who, "GET", path+"?watch=1&resourceVersion="+first.ResourceVersion, "websocket", "Origin: https://{host}", "Sec-WebSocket-Protocol: base64.binary.k8s.io")
	response, conn, err := server.OpenRaw(t.Context(), text)
	must(t, err)
	t.Cleanup(func() {
		_ = response.Body.Close() // as the connection
		_ = conn.Close()          // cut off on purpose
	})
	if response.StatusCode != http.StatusSwitchingProtocols {
		t.Fatalf("%s: code %d", path, response.StatusCode)
	}
	must(t, conn.SetDeadline(time.Now().Add(soon)))
	p.conn = conn
	return p
}

// next reads one event and does what the page does.
func (p *page) next(t *testing.T) told {
	t.Helper()
	frame, err := readFrame(p.conn)
	if err != nil {
		t.Fatalf("the stream ended, with %v on the page: %v", p.names(), err)
	}
	if frame[0]&0xf == 8 {
		t.Fatalf("the stream was closed, with %v on the page: %q", p.names(), frame[1:])
	}
	var event told
	must(t, json.NewDecoder(bytes.NewReader(frame[1:])).Decode(&event))
	version, err := strconv.Atoi(event.Object.Metadata.ResourceVersion)
	if err == nil && p.version > 0 && version <= p.version {
		return event
	}
	p.version = version
	switch uid := string(event.Object.Metadata.UID); event.Type {
	case "ADDED", "MODIFIED":
		p.rows[uid] = event.Object.Metadata.Name
	case "DELETED":
		delete(p.rows, uid)
	}
	return event
}

// until reads events up to one that is wanted, which is the last.
func (p *page) until(t *testing.T, wanted func(told) bool) []told {
	t.Helper()
	var events []told
	for {
		event := p.next(t)
		if events = append(events, event); wanted(event) {
			return events
		}
	}
}

func (p *page) names() []string {
	var names []string
	for _, name := range p.rows {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// shows reads events until the page shows nothing but these.
func (p *page) shows(t *testing.T, names ...string) {
	t.Helper()
	slices.Sort(names)
	for !slices.Equal(p.names(), names) {
		p.next(t)
	}
}

// about is an event of an object.
func about(kind, name string) func(told) bool {
	return func(e told) bool { return e.Type == kind && e.Object.Metadata.Name == name }
}

// TestThreat09_APageIsToldWhatLeavesAndEnters takes rights away and gives them while a page is open. What is lost goes from
// the page, nothing of it comes after, and what is gained comes, all on the one stream.
func TestThreat09_APageIsToldWhatLeavesAndEnters(t *testing.T) {
	p := eastPair()
	who, mine, other := user(t, p.cluster), namespace(t, p.cluster), namespace(t, p.cluster)
	for _, namespace := range []string{mine, other} {
		grant(t, p.cluster, who, namespace, readConfigMaps)
		knows(t, p.server, who, "/api/v1/namespaces/"+namespace+"/configmaps")
	}
	roots := []string{"kube-root-ca.crt", "kube-root-ca.crt"}
	configMap(t, p.cluster, mine, "mine", "x")
	var lost []string
	for i := range 5 {
		lost = append(lost, fmt.Sprintf("lost-%d", i))
		configMap(t, p.cluster, other, lost[i], "x")
	}
	open := open(t, p.server, who, "/api/v1/configmaps")
	open.shows(t, slices.Concat(roots, lost, []string{"mine"})...)

	began := time.Now()
	must(t, p.cluster.Client.RbacV1().RoleBindings(other).DeleteCollection(t.Context(), metav1.DeleteOptions{}, metav1.ListOptions{}))
	open.shows(t, roots[0], "mine")
	t.Logf("what was lost was gone after %s", time.Since(began))
	configMap(t, p.cluster, other, "after", "x")
	configMap(t, p.cluster, mine, "last", "x")
	for _, event := range open.until(t, about("ADDED", "last")) {
		if event.Object.Metadata.Namespace == other {
			t.Errorf("an event of the lost namespace: %s of %s", event.Type, event.Object.Metadata.Name)
		}
	}
	open.shows(t, roots[0], "mine", "last")

	began = time.Now()
	grant(t, p.cluster, who, other, readConfigMaps)
	want := append(slices.Clone(lost), "after", "kube-root-ca.crt")
	var gained []string
	for range want {
		event := open.next(t)
		gained = append(gained, event.Object.Metadata.Name)
		if event.Type != "ADDED" || event.Object.Metadata.Namespace != other {
			t.Errorf("%s of %s, want what was gained", event.Type, event.Object.Metadata.Name)
		}
	}
	t.Logf("what was gained was told after %s", time.Since(began))
	slices.Sort(gained)
	slices.Sort(want)
	if !slices.Equal(gained, want) {
		t.Errorf("gained %v, want %v", gained, want)
	}
	configMap(t, p.cluster, other, "live", "x")
	open.until(t, about("ADDED", "live"))
}

// TestThreat09_ChunkedWatchesEndWhenRightsChange is for clients that list again: they are told to.
func TestThreat09_ChunkedWatchesEndWhenRightsChange(t *testing.T) {
	p := eastPair()
	who, mine := user(t, p.cluster), namespace(t, p.cluster)
	grant(t, p.cluster, who, mine, readConfigMaps)
	knows(t, p.server, who, "/api/v1/configmaps")
	open := watch(t, p.server, who, "/api/v1/configmaps?watch=1&allowWatchBookmarks=true")
	open.until(t, `"type":"BOOKMARK"`)
	grant(t, p.cluster, who, p.cluster.Namespace("a"), readConfigMaps)
	rest, err := io.ReadAll(open.lines)
	must(t, err)
	var event told
	must(t, json.Unmarshal(rest, &event))
	if event.Type != "ERROR" || event.Object.Code != http.StatusGone {
		t.Errorf("the stream ended with %s", rest)
	}
}
