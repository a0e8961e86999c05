package httpapi

import (
	"context"
	"net/http"
	"runtime/debug"

	"github.com/go-chi/chi/v5/middleware"
	"github.com/google/uuid"
	"go.uber.org/zap"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/validation"
)

type contextKey int

const (
	recordKey contextKey = iota
	writtenKey
	corkKey
)

// identify gives a request its id, the client's own Audit-Id where it is fit to be logged, and echoes it as an API
// server does.
func identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("Audit-Id")
		if len(validation.IsDNS1123Subdomain(id)) > 0 {
			id = uuid.NewString()
			r.Header.Set("Audit-Id", id)
		}
		w.Header().Set("Audit-Id", id)
		w.Header().Set("Cache-Status", "k8cache") // until an answer knows better: ours, and about nothing that is kept
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), recordKey, &record{id: id, decision: undecided})))
	})
}

// recovered turns a panic into a 500 for its request alone. Where the answer has begun the connection is cut, so that
// no half answer looks whole.
func (a *api) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		wrapped := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			switch cause := recover(); {
			case cause == nil:
			case cause == http.ErrAbortHandler || wrapped.Status() != 0: //nolint:errorlint // the very value is the signal
				if cause != http.ErrAbortHandler { //nolint:errorlint // as above
					a.log.Error("panic in an answer that had begun", zap.Any("cause", cause), zap.ByteString("stack", debug.Stack()))
				}
				panic(http.ErrAbortHandler)
			default:
				a.log.Error("panic", zap.Any("cause", cause), zap.ByteString("stack", debug.Stack()))
				writeStatus(wrapped, r, apierrors.NewInternalError(errPanic).Status())
			}
		}()
		next.ServeHTTP(wrapped, r)
	})
}
