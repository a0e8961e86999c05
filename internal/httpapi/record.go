package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/go-chi/chi/v5/middleware"
	"go.uber.org/zap"

	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/rbac/authn"
)

// record is what the log says of a request. The handlers fill it in. docs/security.md is its contract.
type record struct {
	id       string
	cluster  string
	verb     string
	object   object
	user     string
	by       authn.Method // how the user is known
	decision decision
	reason   string // why: the deciding objects' names
	cache    string // Cache-Status without the cache's name: hit, fwd=...
	items    int
}

// decision is what became of a request, as far as rights are concerned.
type decision string

const (
	undecided    decision = "none"    // nobody had to decide: there is no such path, or the request contradicts itself
	allowed      decision = "allow"   // all that was asked for is shown
	allowedPart  decision = "part"    // the caller's part of it is shown
	denied       decision = "deny"    // refused here
	byTheCluster decision = "cluster" // passed on: the API server decides, and its own audit log says what
)

// decide notes what a scope means for the request.
func (r *record) decide(scope rbac.Scope) {
	r.reason = scope.Reason()
	switch {
	case scope.All():
		r.decision = allowed
	case scope.Empty():
		r.decision = denied
	default:
		r.decision = allowedPart
	}
}

// recordOf returns the request's record; one that nobody reads where there is none.
func recordOf(ctx context.Context) *record {
	if r, ok := ctx.Value(recordKey).(*record); ok {
		return r
	}
	return &record{}
}

func requestID(ctx context.Context) string { return recordOf(ctx).id }

// fields are who wants what, and who let them.
func (r *record) fields(method string) []zap.Field {
	name := r.object.name
	if r.object.Group == "" && r.object.Resource == "secrets" {
		name = "" // it may tell too much
	}
	return []zap.Field{
		zap.String("id", r.id), zap.String("method", method), zap.String("cluster", r.cluster), zap.String("verb", r.verb),
		zap.String("group", short(r.object.Group)), zap.String("version", short(r.object.Version)), zap.String("resource", short(r.object.Resource)),
		zap.String("subresource", short(r.object.subresource)), zap.String("namespace", short(r.object.namespace)), zap.String("name", short(name)),
		zap.String("user", r.user), zap.String("by", string(r.by)), zap.String("decision", string(r.decision)), zap.String("reason", r.reason),
	}
}

// short cuts what callers can make as long as they like. No name in Kubernetes is longer than 253 bytes.
func short(text string) string {
	const most = 256
	return text[:min(len(text), most)]
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
			if rec.decision == undecided && (wrapped.Status() == http.StatusUnauthorized || wrapped.Status() == http.StatusForbidden) {
				rec.decision = denied // by who they are, before it came to rights
			}
			a.log.Info("request", append(rec.fields(r.Method), zap.String("cache", rec.cache), zap.Int("items", rec.items),
				zap.Int("status", wrapped.Status()), zap.Int("bytes", wrapped.BytesWritten()), zap.Duration("took", took))...)
		}()
		next.ServeHTTP(wrapped, r)
	})
}

// began writes a line when a watch begins, and when its caller's rights change: its last line may be an hour away.
func (a *api) began(ctx context.Context, what string) {
	a.log.Info(what, recordOf(ctx).fields(http.MethodGet)...)
}
