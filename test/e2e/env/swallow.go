package env

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
)

// Swallower keeps single events from k8cache that an API server sent, as no fault known to us does. Its method Rule is for
// a Tap, before watches are opened.
type Swallower struct {
	mu      sync.Mutex
	texts   []string
	refuses string // the path of a collection that is not to be read anew
}

// Next swallows the next line of k8cache's own watches that has all the texts. From then on nothing of the collection is
// read anew until Allow.
func (s *Swallower) Next(path string, texts ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.texts, s.refuses = texts, path
}

// Allow lets everything be read anew.
func (s *Swallower) Allow() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refuses = ""
}

// Rule is for Tap.Rule.
func (s *Swallower) Rule(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !fromService(r) {
			next.ServeHTTP(w, r)
			return
		}
		query := r.URL.Query()
		anew := query.Has("sendInitialEvents") || !query.Has("watch") && !query.Has("continue") && query.Get("resourceVersionMatch") != "Exact"
		s.mu.Lock()
		refused := anew && r.URL.Path == s.refuses
		s.mu.Unlock()
		if refused {
			http.Error(w, "not now", http.StatusServiceUnavailable)
			return
		}
		if query.Has("watch") {
			w = &swallowing{ResponseWriter: w, by: s}
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Swallower) swallows(line string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, text := range s.texts {
		if !strings.Contains(line, text) {
			return false
		}
	}
	found := len(s.texts) > 0
	s.texts = nil
	return found
}

// swallowing passes on whole lines only.
type swallowing struct {
	http.ResponseWriter
	by   *Swallower
	line []byte
}

func (s *swallowing) Unwrap() http.ResponseWriter { return s.ResponseWriter }

func (s *swallowing) Write(p []byte) (int, error) {
	s.line = append(s.line, p...)
	for {
		end := bytes.IndexByte(s.line, '\n')
		if end < 0 {
			return len(p), nil
		}
		line := s.line[:end+1]
		s.line = s.line[end+1:]
		if s.by.swallows(string(line)) {
			continue
		}
		if _, err := s.ResponseWriter.Write(line); err != nil {
			return 0, err
		}
	}
}
