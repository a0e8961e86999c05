package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/pprof"

	"github.com/go-chi/chi/v5"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	apiv1 "github.com/k8cache/k8cache/api/v1"
)

// readiness says whether requests should come here.
type readiness struct {
	stop    <-chan struct{} // closed when the process is told to stop: readiness goes first
	members []member
}

// check returns what is missing. One cluster that cannot be reached must not take the others' answers away once it
// was ready: readiness is about the start, freshness about the rest.
func (r readiness) check() error {
	select {
	case <-r.stop:
		return errors.New("stopping")
	default:
	}
	var missing []error
	for _, m := range r.members {
		missing = append(missing, m.events.Ready())
	}
	return errors.Join(missing...)
}

// adminHandler answers on the admin listener: health, metrics, profiles and the whole status. It asks nobody who they
// are, which is why it listens on loopback unless told otherwise.
func adminHandler(ready readiness, registry *prometheus.Registry) http.Handler {
	router := chi.NewRouter()
	router.Get("/livez", func(w http.ResponseWriter, _ *http.Request) { ok(w) })
	router.Get("/readyz", func(w http.ResponseWriter, _ *http.Request) {
		if err := ready.check(); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		ok(w)
	})
	router.Get("/k8cache/v1/status", func(w http.ResponseWriter, _ *http.Request) {
		page := apiv1.Status{Version: version}
		for _, m := range ready.members {
			page.Clusters = append(page.Clusters, m.request.Collections.Status())
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(page) // the client may be gone
	})
	router.Handle("/metrics", promhttp.HandlerFor(registry, promhttp.HandlerOpts{}))
	router.HandleFunc("/debug/pprof/*", pprof.Index)
	router.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	router.HandleFunc("/debug/pprof/profile", pprof.Profile)
	router.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	router.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return router
}

func ok(w http.ResponseWriter) { _, _ = io.WriteString(w, "ok\n") } // the prober may be gone
