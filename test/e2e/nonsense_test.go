package e2e

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// nonsense is what an API server, or what stands before it, might say instead of a list.
var nonsense = map[string]string{
	"/api/v1/limitranges":                           "<html>busy</html>",
	"/api/v1/resourcequotas":                        `{"kind":"ResourceQuotaList","apiVersion":"v1","metadata":{"resourceVersion":"5"},"items":[{"metadata":{"name":"a"`,
	"/api/v1/podtemplates":                          "",
	"/api/v1/replicationcontrollers":                `{"kind":"Status","apiVersion":"v1","status":"Success"}`,
	"/apis/apps/v1/controllerrevisions":             `{"kind":"ControllerRevisionList","apiVersion":"apps/v1","metadata":{},"items":[]}`,
	"/apis/apps/v1/statefulsets":                    `{"kind":"StatefulSetList","apiVersion":"apps/v1","metadata":{"resourceVersion":"5"},"items":[{}]}`,
	"/apis/batch/v1/cronjobs":                       `{"kind":"CronJobList","apiVersion":"batch/v1","metadata":{"resourceVersion":"x"},"items":[]}`,
	"/apis/batch/v1/jobs":                           `{"kind":"JobList","apiVersion":"batch/v1","metadata":{"resourceVersion":"5"},"items":{"a":1}}`,
	"/apis/networking.k8s.io/v1/ingresses":          `{"type":"ADDED","object":` + strings.Repeat(`{"a":`, 20000),
	"/apis/policy/v1/poddisruptionbudgets":          `{"type":"ADDED","object":{"kind":"Status"}}` + "\n",
	"/apis/autoscaling/v2/horizontalpodautoscalers": `{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"1","annotations":{"k8s.io/initial-events-end":"true"}}}}`,
}

// TestThreat27_NonsenseFromUpstreamIsNeverServed says something else to each list and watch. Nothing but a refusal may
// come of it, and all is well once the API server is.
func TestThreat27_NonsenseFromUpstreamIsNeverServed(t *testing.T) {
	t.Parallel()
	tap, p := tapped(t)
	tap.Rule(talkNonsense)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	var callers sync.WaitGroup
	for path := range nonsense {
		callers.Go(func() {
			answer, err := p.server.Ask(ctx, get(p.cluster.Admin, path)) // it may keep us waiting, for the sync
			if err == nil && answer.Code == http.StatusOK {
				t.Errorf("%s: served %.200s", path, answer.Body)
			}
		})
	}
	callers.Wait()
	tap.Rule(nil)
	for path := range nonsense {
		eventually(t, path, func() error {
			_, err := listOf(cached(t, p.server, get(p.cluster.Admin, path)))
			return err
		})
		p.sameList(t, p.cluster.Admin, path)
	}
}

func talkNonsense(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := nonsense[r.URL.Path]
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	})
}
