package informers

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/k8cache/k8cache/internal/serialize"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const pod = `{"kind":"Pod","apiVersion":"v1","metadata":{"name":%q,"namespace":"a","resourceVersion":"%d"},"spec":{"containers":null}}`

func event(kind, name string, version int) string {
	return fmt.Sprintf(`{"type":%q,"object":`+pod+"}\n", kind, name, version)
}

const bookmark = `{"type":"BOOKMARK","object":{"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"9",` +
	`"annotations":{"k8s.io/initial-events-end":"true"}},"spec":{"containers":null},"status":{}}}` + "\n"

// The objects a watch begins with go to the builder, and the Reflector is told only that they have ended.
func TestInitialEventsGoToTheBuilder(t *testing.T) {
	var built []string
	take := func(o serialize.Object) error { built = append(built, o.Key()); return nil }
	got := drain(t, event("ADDED", "one", 1)+event("ADDED", "two", 2)+bookmark+event("ADDED", "three", 10)+event("DELETED", "one", 11), take)
	if diff := cmp.Diff([]string{"a/one", "a/two"}, built); diff != "" {
		t.Error(diff)
	}
	want := []string{"BOOKMARK  9 end", "ADDED a/three 10", "DELETED a/one 11"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestErrorEventsBecomeStatuses(t *testing.T) {
	got := drain(t, `{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too old","reason":"Expired","code":410}}`+"\n", nil)
	if diff := cmp.Diff([]string{"ERROR 410 Expired too old"}, got); diff != "" {
		t.Error(diff)
	}
}

// From the causes the Reflector knows that it must not ask for a version again that the API server has not come to.
func TestThreat35_ErrorEventsKeepTheirCauses(t *testing.T) {
	got := failure([]byte(`{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Timeout: Too large resource version: 9, current: 1","reason":"Timeout",` +
		`"details":{"causes":[{"reason":"ResourceVersionTooLarge","message":"Too large resource version"}],"retryAfterSeconds":1},"code":504}`))
	if err := apierrors.FromObject(got.Object); !apierrors.HasStatusCause(err, metav1.CauseTypeResourceVersionTooLarge) {
		t.Errorf("got %#v", err)
	}
}

// A stream of which a part cannot be read ends in an error, so that the Reflector lists anew: skipping an event would
// leave the collection wrong for good.
func TestThreat27_UnreadableEventsEndTheStream(t *testing.T) {
	for name, line := range map[string]string{
		"HTML":             "<html>load balancer</html>\n",
		"half an object":   `{"type":"ADDED","object":{"kind":"Pod"` + "\n",
		"another kind":     strings.Replace(event("ADDED", "x", 7), `"Pod"`, `"Secret"`, 1),
		"unknown type":     `{"type":"CHANGED","object":{}}` + "\n",
		"no name":          `{"type":"ADDED","object":{"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"1"}}}` + "\n",
		"odd version":      strings.Replace(event("ADDED", "x", 7), `"7"`, `"x"`, 1),
		"more than object": `{"type":"ADDED","object":{}},{"a":{}}` + "\n",
	} {
		got := drain(t, line+event("ADDED", "after", 8), nil)
		if len(got) != 1 || !strings.HasPrefix(got[0], "ERROR 500") {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestThreat27_EventsAreBounded(t *testing.T) {
	endless := io.MultiReader(strings.NewReader(`{"type":"ADDED","object":`), io.LimitReader(zeros{}, maxEvent+1))
	if _, err := readLine(bufio.NewReader(endless), nil); err == nil {
		t.Error("an event over the bound was read")
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

func FuzzCutEvent(f *testing.F) {
	f.Add(event("ADDED", "x", 1))
	f.Add(bookmark)
	f.Fuzz(func(_ *testing.T, line string) {
		s := &stream{tell: plain()}
		_, _ = s.decode([]byte(line)) // must not panic
	})
}

// plain hears a watch of pods.
func plain() listener {
	m := newMirror(nil, Resource{}, ClusterOptions{})
	m.form.kind = pods()
	return m.listener()
}

func pods() serialize.Kind { return serialize.Kind{APIVersion: "v1", Kind: "Pod", ListKind: "PodList"} }

// drain reads a whole stream and describes its events.
func drain(t *testing.T, body string, initial func(serialize.Object) error) []string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	tell := plain()
	tell.initial = initial
	s := startStream(ctx, cancel, io.NopCloser(strings.NewReader(body)), tell)
	defer s.Stop()
	var got []string
	for e := range s.ResultChan() {
		got = append(got, describe(e))
	}
	return got
}

func describe(e watch.Event) string {
	switch o := e.Object.(type) {
	case *metav1.Status:
		return fmt.Sprintf("%s %d %s %s", e.Type, o.Code, o.Reason, o.Message)
	case *item:
		if e.Type == watch.Bookmark {
			return fmt.Sprintf("BOOKMARK  %s %s", o.version, map[bool]string{true: "end"}[len(o.annotations) > 0])
		}
		return fmt.Sprintf("%s %s %s", e.Type, o.object.Key(), o.version)
	default:
		return fmt.Sprintf("%T", o)
	}
}
