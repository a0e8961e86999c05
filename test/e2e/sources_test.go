package e2e

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"k8s.io/client-go/rest"

	"github.com/k8cache/k8cache/test/e2e/validate"
)

// sources are where the answers to a client came from.
type sources struct {
	mu   sync.Mutex
	said []string
}

// of is a config whose answers are noted.
func (s *sources) of(config *rest.Config) *rest.Config {
	config = rest.CopyConfig(config)
	config.Wrap(func(next http.RoundTripper) http.RoundTripper {
		return roundTripper(func(r *http.Request) (*http.Response, error) {
			response, err := next.RoundTrip(r)
			if err == nil {
				s.mu.Lock()
				defer s.mu.Unlock()
				s.said = append(s.said, response.Header.Get("Cache-Status")+" "+r.URL.String())
			}
			return response, err
		})
	})
	return config
}

func (s *sources) allFromMemory(t *testing.T) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, said := range s.said {
		if !strings.HasPrefix(said, validate.Hit) {
			t.Errorf("not from memory: %s", said)
		}
	}
	if len(s.said) == 0 {
		t.Error("nothing was asked")
	}
}

// strictly asks for the API server's own scope.
func strictly(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		query := r.URL.Query()
		query.Set("scope", "strict")
		r.URL.RawQuery = query.Encode()
		return next.RoundTrip(r)
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
