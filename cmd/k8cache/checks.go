package main

import (
	"os"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/zap"

	"github.com/k8cache/k8cache/internal/informers"
)

// checkFatal names the environment variable by which tests have a difference end the process, as
// KUBE_WATCHCACHE_CONSISTENCY_CHECKER does an API server.
const checkFatal = "K8CACHE_SELF_CHECK_FATAL"

// checks counts how collections compare with the API servers' own.
type checks struct {
	total *prometheus.CounterVec
	fatal bool
	log   *zap.Logger
}

func newChecks(registry prometheus.Registerer, log *zap.Logger) *checks {
	c := &checks{fatal: os.Getenv(checkFatal) == "true", log: log, total: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "k8cache_self_checks_total", Help: "Comparisons of collections with the API server: same, differs or skipped.",
	}, []string{"cluster", "result"})}
	registry.MustRegister(c.total)
	return c
}

// of takes the results of one cluster.
func (c *checks) of(cluster string) func(informers.CheckResult) {
	return func(result informers.CheckResult) {
		c.total.WithLabelValues(cluster, string(result)).Inc()
		if c.fatal && result == informers.CheckDiffers {
			c.log.Fatal("ended because a collection differs from the API server's", zap.String("cluster", cluster))
		}
	}
}
