package httpapi

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

func TestThreat31_OneCallerLeavesRoomForOthers(t *testing.T) {
	l := newLimit(3, 2)
	leave := func(user string) func() {
		t.Helper()
		done, err := l.enter("east", user)
		if err != nil {
			t.Fatalf("%s: %v", user, err)
		}
		return done
	}
	first := leave("greedy")
	leave("greedy")
	if _, err := l.enter("east", "greedy"); !apierrors.IsTooManyRequests(err) {
		t.Errorf("a third place for one caller: %v", err)
	}
	other := leave("modest")
	if _, err := l.enter("east", "another"); !apierrors.IsTooManyRequests(err) {
		t.Errorf("a fourth place: %v", err)
	}
	first()
	other()
	leave("another")()
	if len(l.each) != 1 || l.all != 1 {
		t.Errorf("places not given back: %v of %d", l.each, l.all)
	}
}

// breaks is a cluster whose collections panic when asked for.
type breaks struct{ keepsOne }

func (breaks) Collection(context.Context, schema.GroupVersionResource) (Collection, error) {
	panic("while looking for a collection")
}

// TestThreat33_APanicGivesItsPlaceBack asks more often than one caller has places.
func TestThreat33_APanicGivesItsPlaceBack(t *testing.T) {
	s := newStage(t)
	s.admin(t)
	handler := New(Options{Default: "east", Clusters: map[string]*Cluster{
		"east": {Authenticator: knowsAdmin{}, Authorizer: s.authorizer, Collections: breaks{}},
	}})
	for range maxWatchesEach + 1 {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, get("/api/v1/things?watch=1"))
		if w.Code != http.StatusInternalServerError {
			t.Fatalf("code %d: %s", w.Code, w.Body)
		}
	}
}
