package httpapi

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics count requests. Labels hold only words of ours and cluster names from the configuration: nothing that a
// caller can make up.
type metrics struct {
	requests *prometheus.CounterVec
	bytes    *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

func newMetrics(registry prometheus.Registerer) *metrics {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "k8cache_requests_total", Help: "Requests answered.",
		}, []string{"cluster", "verb", "cache", "code"}),
		bytes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "k8cache_response_bytes_total", Help: "Bytes of answers as sent.",
		}, []string{"cluster", "cache"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "k8cache_request_duration_seconds", Help: "Time from a request's head to its answer's end.",
			Buckets: prometheus.ExponentialBuckets(0.0001, 4, 10),
		}, []string{"verb", "cache"}),
	}
	if registry != nil {
		registry.MustRegister(m.requests, m.bytes, m.duration)
	}
	return m
}

func (m *metrics) observe(rec *record, code, bytes int, took time.Duration) {
	m.requests.WithLabelValues(rec.cluster, rec.verb, rec.cache, strconv.Itoa(code)).Inc()
	m.bytes.WithLabelValues(rec.cluster, rec.cache).Add(float64(bytes))
	m.duration.WithLabelValues(rec.verb, rec.cache).Observe(took.Seconds())
}
