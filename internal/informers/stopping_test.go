package informers

import (
	"context"
	"net/http"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
)

// A mirror whose API server refuses connections waits longer and longer before it tries again. It ends at once all the same:
// who stops a process waits no half minute for that, and then kills it.
func TestAMirrorEndsWhileItWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		client := unreachable(t)
		m := newMirror(client, Resource{GroupVersionResource: schema.GroupVersionResource{Version: "v1", Resource: "pods"}}, ClusterOptions{})
		m.heads = true // which needs no answer before its watch
		done := make(chan struct{})
		go func() {
			defer close(done)
			m.Run(ctx)
		}()
		synctest.Wait()
		if _, err := m.problem(); err == nil {
			t.Error("the mirror has not tried yet")
		}
		began := time.Now()
		cancel()
		<-done
		if took := time.Since(began); took > 0 {
			t.Errorf("it ended %s after it was to", took)
		}
	})
}

// unreachable is a client of an API server that refuses connections.
func unreachable(t *testing.T) rest.Interface {
	t.Helper()
	config := &rest.Config{Host: "http://nowhere", QPS: -1, Transport: refusing{}}
	config.GroupVersion, config.NegotiatedSerializer = &schema.GroupVersion{Version: "v1"}, scheme.Codecs.WithoutConversion()
	client, err := rest.RESTClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

type refusing struct{}

func (refusing) RoundTrip(*http.Request) (*http.Response, error) { return nil, syscall.ECONNREFUSED }
