package httpapi

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.uber.org/zap"
)

func TestThreat33_APanicIsOneRequests(t *testing.T) {
	a := &api{log: zap.NewNop()}
	w := httptest.NewRecorder()
	a.recovered(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("secret body") })).ServeHTTP(w, get("/api/v1/pods"))
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "secret") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

// A half answer must not look whole: the server cuts the connection for ErrAbortHandler.
func TestThreat33_APanicInAnAnswerCutsIt(t *testing.T) {
	a := &api{log: zap.NewNop()}
	defer func() {
		if cause, ok := recover().(error); !ok || !errors.Is(cause, http.ErrAbortHandler) {
			t.Errorf("got %v", cause)
		}
	}()
	a.recovered(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"kind":"PodList",`))
		panic("half way")
	})).ServeHTTP(httptest.NewRecorder(), get("/api/v1/pods"))
	t.Error("the answer was ended as if it were whole")
}
