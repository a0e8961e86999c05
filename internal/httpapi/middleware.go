package httpapi

import (
	"context"
	"net/http"
	"runtime/debug"
	"time"

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

// record is what the log says of a request once it is answered. The handlers fill it in.
type record struct {
	id      string
	cluster string
	verb    string
	object  object
	user    string
	reason  string // why the caller was let through or not: the deciding objects' names
	cache   string // Cache-Status without the cache's name: hit, fwd=...
	items   int
}

// recordOf returns the request's record; one that nobody reads where there is none.
func recordOf(ctx context.Context) *record {
	if r, ok := ctx.Value(recordKey).(*record); ok {
		return r
	}
	return &record{}
}

func requestID(ctx context.Context) string { return recordOf(ctx).id }

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
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), recordKey, &record{id: id})))
	})
}

// logged writes one line per answered request: who, what, how it went. Never tokens, bodies or queries, and no names
// of what must not be cached (Secrets): paths as such are not logged.
func (a *api) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began, rec := time.Now(), recordOf(r.Context())
		wrapped := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			took := time.Since(began)
			a.metrics.observe(rec, wrapped.Status(), wrapped.BytesWritten(), took)
			a.log.Info("request",
				zap.String("id", rec.id), zap.String("method", r.Method), zap.String("cluster", rec.cluster),
				zap.String("verb", rec.verb), zap.String("group", rec.object.Group), zap.String("resource", rec.object.Resource),
				zap.String("subresource", rec.object.subresource), zap.String("namespace", rec.object.namespace),
				zap.String("name", a.loggable(rec.object)), zap.String("user", rec.user), zap.String("reason", rec.reason),
				zap.String("cache", rec.cache), zap.Int("items", rec.items),
				zap.Int("status", wrapped.Status()), zap.Int("bytes", wrapped.BytesWritten()), zap.Duration("took", took))
		}()
		next.ServeHTTP(wrapped, r)
	})
}

// loggable is an object's name, or nothing where the name itself may tell too much.
func (a *api) loggable(o object) string {
	if o.Group == "" && o.Resource == "secrets" {
		return ""
	}
	return o.name
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
