package validate

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// ErrHeaders breaks the guarantee that a client sees the API server's headers, and beside them only what a cache adds.
var ErrHeaders = errors.New("not the API server's headers")

// SameHeaders checks that both answers have the same headers, but for those that differ from answer to answer or that one
// of the two has by nature.
func SameHeaders(direct, cached http.Header) error {
	var differences []string
	for _, name := range names(direct, cached) {
		if want, got := direct.Values(name), cached.Values(name); !slices.Equal(want, got) {
			differences = append(differences, fmt.Sprintf("%s: direct %q, cached %q", name, want, got))
		}
	}
	if len(differences) == 0 {
		return nil
	}
	return fmt.Errorf("%w: %s", ErrHeaders, strings.Join(differences, "; "))
}

func names(headers ...http.Header) []string {
	var all []string
	for _, header := range headers {
		for name := range header {
			if !mayDiffer(name) {
				all = append(all, name)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func mayDiffer(name string) bool {
	switch name {
	case "Age", "Cache-Status", "Etag": // what a cache adds
		return true
	case "Audit-Id", "Date": // of each answer
		return true
	case "Content-Length", "Transfer-Encoding": // how the body was sent
		return true
	}
	return strings.HasPrefix(name, "X-Kubernetes-Pf-") // of the API server's own queues
}
