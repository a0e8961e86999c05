package httpapi

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/rbac/authn"
)

// knowsAdmin is an authenticator to whom everybody is the admin.
type knowsAdmin struct{ Authenticator }

func (knowsAdmin) Authenticate(context.Context, *http.Request) (authn.Caller, error) {
	return authn.Caller{User: rbac.User{Name: "admin"}}, nil
}

// keepsOne is a cluster with one collection.
type keepsOne struct {
	Collections
	collection Collection
}

func (keepsOne) Resource(context.Context, schema.GroupVersionResource) (namespaced, ok bool) {
	return true, true
}

func (k keepsOne) Collection(context.Context, schema.GroupVersionResource) (Collection, error) {
	return k.collection, nil
}

// TestThreat33_APanicCutsAWebSocket that net/http has let go of: nobody else would, and a page would wait for ever.
func TestThreat33_APanicCutsAWebSocket(t *testing.T) {
	s := newStage(t)
	s.admin(t)
	collection := s.see.collection
	collection.Touch = func() { panic("while the stream is open") }
	server := httptest.NewServer(New(Options{Default: "east", Clusters: map[string]*Cluster{
		"east": {Authenticator: knowsAdmin{}, Authorizer: s.authorizer, Collections: keepsOne{collection: collection}},
	}}))
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, strings.Replace(server.URL, "http", "ws", 1)+"/api/v1/things?watch=1", //nolint:bodyclose // Dial says that nobody needs to
		&websocket.DialOptions{HTTPHeader: http.Header{"Origin": {server.URL}}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.CloseNow() //nolint:errcheck // it is closed already
	if _, _, err := conn.Read(ctx); err == nil || errors.Is(ctx.Err(), context.DeadlineExceeded) {
		t.Errorf("the connection was left open: %v", err)
	}
}
