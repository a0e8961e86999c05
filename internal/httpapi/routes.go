package httpapi

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// attempts is how often an answer is made anew because rights moved while it was made.
const attempts = 3

var errPanic = errors.New("a handler panicked, see the log of k8cache")

// Options configure the request side; the zero value serves no cluster.
type Options struct {
	// Clusters by the name that stands in URLs.
	Clusters map[string]*Cluster
	// Default is the cluster that the API at the root belongs to. Empty: none.
	Default string
	// SyncTimeout is how long a request waits for a collection's first sync. Zero: 30 s.
	SyncTimeout time.Duration
	// Local says that callers need no credentials of their own, so that a browser on this machine must be kept from
	// being used by other people's pages.
	Local bool
	// Stop ends watches when it is closed. Nil: they go on until their clients or their time ends them.
	Stop <-chan struct{}
	// NoSearch refuses searches.
	NoSearch bool
	// UI answers below /ui/. Nil: nothing does.
	UI http.Handler
	// Version is the build's version, for the status page.
	Version string
	// Registry takes the metrics. Nil: they are counted and never shown.
	Registry prometheus.Registerer
	// Log takes a line per request. Nil: nothing.
	Log *zap.Logger
}

// api is the handler's state: nothing but what it was made with.
type api struct {
	options Options
	log     *zap.Logger
	metrics *metrics
	tokens  *tokens
	reads   *limit
	queries *limit
	watches *limit
	zippers *sync.Pool // of *gzip.Writer, for streams
}

// New makes the handler of the public listener.
func New(options Options) http.Handler {
	if options.SyncTimeout == 0 {
		options.SyncTimeout = 30 * time.Second
	}
	if options.Log == nil {
		options.Log = zap.NewNop()
	}
	a := &api{
		options: options, log: options.Log, metrics: newMetrics(options.Registry), tokens: newTokens(),
		reads: newLimit(maxReads, maxReadsEach), queries: newLimit(maxQueries, maxQueriesEach), watches: newLimit(maxWatches, maxWatchesEach),
		zippers: newZippers(),
	}
	router := chi.NewRouter()
	router.Use(identify, a.logged, a.recovered)
	if options.Local {
		router.Use(localOnly)
	}
	kubernetes := http.HandlerFunc(a.kubernetes)
	for _, pattern := range kubernetesPatterns() {
		router.Handle(pattern, kubernetes)
	}
	router.Get("/k8cache/v1/status", a.handle(a.status))
	router.Get("/k8cache/v1/clusters/{cluster}/namespaces", a.handle(a.namespaces))
	router.Get("/k8cache/v1/openapi.json", a.handle(document))
	if options.UI != nil {
		router.Handle("/ui/*", options.UI)
		router.Get("/", http.RedirectHandler("/ui/", http.StatusFound).ServeHTTP)
		router.Handle("/ui", http.RedirectHandler("/ui/", http.StatusMovedPermanently))
	}
	router.NotFound(a.handle(func(http.ResponseWriter, *http.Request) error { return notFound() }))
	router.MethodNotAllowed(func(w http.ResponseWriter, r *http.Request) {
		if isKubernetes(r.URL.Path) { // chi knows the methods of HTTP; an API server has a word on all
			kubernetes(w, r)
			return
		}
		a.fail(w, r, apierrors.NewMethodNotSupported(schema.GroupResource{}, r.Method))
	})
	return router
}

// kubernetesPatterns are the paths of the Kubernetes API.
func kubernetesPatterns() []string {
	return []string{clustersPrefix + "*", "/api", "/api/*", "/apis", "/apis/*", "/version", "/openapi/*"}
}

func isKubernetes(path string) bool {
	return slices.ContainsFunc(kubernetesPatterns(), func(pattern string) bool {
		prefix, open := strings.CutSuffix(pattern, "*")
		return path == pattern || open && strings.HasPrefix(path, prefix)
	})
}

// handle turns a handler that returns its error into one that answers with it.
func (a *api) handle(serve func(http.ResponseWriter, *http.Request) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := serve(w, r); err != nil {
			a.fail(w, r, err)
		}
	}
}

// kubernetes serves the Kubernetes API of the cluster that the path names.
func (a *api) kubernetes(w http.ResponseWriter, r *http.Request) {
	to, ok := parseTarget(r.URL)
	if !ok {
		a.fail(w, r, apierrors.NewBadRequest("the path names no cluster"))
		return
	}
	if to.cluster == "" {
		to.cluster = a.options.Default
	}
	cluster, ok := a.options.Clusters[to.cluster]
	if !ok {
		a.fail(w, r, unknownCluster(to.cluster))
		return
	}
	recordOf(r.Context()).cluster = to.cluster
	direct, err := addressed(r, to.path)
	if err == nil {
		err = a.serve(w, direct, cluster, to.path)
	}
	if err != nil {
		a.fail(w, r, err)
	}
}

// addressed is the request as the API server is to see it: the same, without the part of the path that names the
// cluster.
func addressed(r *http.Request, escaped string) (*http.Request, error) {
	path, err := url.PathUnescape(escaped)
	if err != nil {
		return nil, apierrors.NewBadRequest(err.Error())
	}
	out, u := r.WithContext(r.Context()), *r.URL
	u.Path, u.RawPath = path, escaped
	out.URL = &u
	return out, nil
}

// serve answers from memory where the request is one for it, and passes it on otherwise.
func (a *api) serve(w http.ResponseWriter, r *http.Request, c *Cluster, path string) error {
	named, canonical := parsePath(path)
	rec := recordOf(r.Context())
	rec.object = named
	want, ok := parseRead(r, named)
	if !canonical || !ok {
		return a.forward(w, r, c)
	}
	rec.verb = want.verb()
	answer := a.list
	switch {
	case want.name != "":
		answer = a.get
	case want.watch:
		answer = a.watch
	}
	for range attempts {
		if err := answer(w, r, c, want); !errors.Is(err, errRightsMoved) {
			return err
		}
	}
	return apierrors.NewServiceUnavailable("rights are changing too fast to answer, try again")
}

// forward passes a request on to the API server: it goes past the cache, which RFC 9211 calls a bypass.
func (a *api) forward(w http.ResponseWriter, r *http.Request, c *Cluster) error {
	rec := recordOf(r.Context())
	if err := c.Authenticator.Pass(r); err != nil {
		rec.decision = denied
		return err
	}
	if err := onlyHere(r, rec.object); err != nil {
		return err
	}
	rec.cache, rec.decision = "fwd=bypass", byTheCluster
	header := w.Header()
	header.Set("Cache-Status", "k8cache; fwd=bypass")
	header.Del("Audit-Id") // the API server echoes the request's
	ctx := r.Context()
	if writing := a.watchWrite(r, c, rec.object); writing != nil {
		ctx = context.WithValue(ctx, writtenKey, writing)
	}
	r = r.Clone(ctx)
	c.Authenticator.Strip(r.Header)
	c.Upstream.ServeHTTP(w, r)
	return nil
}

func notFound() error {
	err := apierrors.NewGenericServerResponse(http.StatusNotFound, "get", schema.GroupResource{}, "", "", 0, false)
	err.ErrStatus.Message = "the server could not find the requested resource"
	return err
}
