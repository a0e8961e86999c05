package httpapi

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	apiv1 "github.com/k8cache/k8cache/api/v1"
	"github.com/k8cache/k8cache/internal/rbac/authn"
)

// knowsNobody is an authenticator that counts to whom tokens are offered.
type knowsNobody struct {
	Authenticator
	asked int
}

func (k *knowsNobody) Authenticate(context.Context, *http.Request) (authn.Caller, error) {
	k.asked++
	return authn.Caller{}, apierrors.NewUnauthorized("Unauthorized")
}

// keepsNothing is a cluster without collections.
type keepsNothing struct{ Collections }

func (keepsNothing) Status() apiv1.ClusterStatus { return apiv1.ClusterStatus{Reachable: true} }

func (keepsNothing) Preferred(schema.GroupResource) (schema.GroupVersionResource, bool, bool) {
	return schema.GroupVersionResource{}, false, false
}

func TestThreat06_StatusOffersATokenToOneClusterAlone(t *testing.T) {
	for path, want := range map[string][2]int{
		"/k8cache/v1/status":              {1, 0}, // the default cluster's
		"/k8cache/v1/status?cluster=west": {0, 1},
		"/k8cache/v1/status?cluster=none": {0, 0},
	} {
		east, west := &knowsNobody{}, &knowsNobody{}
		handler := New(Options{Default: "east", Clusters: map[string]*Cluster{
			"east": {Authenticator: east, Collections: keepsNothing{}}, "west": {Authenticator: west, Collections: keepsNothing{}},
		}})
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, get(path))
		if got := [2]int{east.asked, west.asked}; got != want || w.Code < 400 {
			t.Errorf("%s: code %d, offered to east and west %v times, want %v", path, w.Code, got, want)
		}
	}
}

func TestThreat22_ApplicationsBehindALocalListenerAreConfined(t *testing.T) {
	header := http.Header{"Service-Worker-Allowed": {"/"}, "Content-Security-Policy": {"default-src *"}}
	confine(header)
	if header.Get("Service-Worker-Allowed") != "" || header.Get("Content-Security-Policy") != "sandbox allow-scripts allow-forms" {
		t.Errorf("got %v", header)
	}
	r := get("http://127.0.0.1:8080/clusters/east/api/v1/namespaces/a/pods/p/proxy/sw.js")
	r.Header.Set("Service-Worker", "script")
	w := httptest.NewRecorder()
	localOnly(http.NotFoundHandler()).ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("a service worker's script: code %d", w.Code)
	}
}
