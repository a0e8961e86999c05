package validate

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// ErrSource breaks the guarantee that each answer says whether it came from memory.
var ErrSource = errors.New("no word on where the answer came from")

// Where an answer came from.
const (
	Hit    = "k8cache; hit"
	Bypass = "k8cache; fwd=bypass" //nolint:gosec // "bypass" is no password
)

// Source checks that an answer has one Cache-Status of k8cache (RFC 9211) that does not contradict itself.
func Source(header http.Header) error {
	values := header.Values("Cache-Status")
	if len(values) != 1 {
		return fmt.Errorf("%w: Cache-Status %q", ErrSource, values)
	}
	name, parameters, _ := strings.Cut(values[0], ";")
	if strings.TrimSpace(name) != "k8cache" {
		return fmt.Errorf("%w: Cache-Status %q", ErrSource, values[0])
	}
	hit, forwarded := false, false
	for parameter := range strings.SplitSeq(parameters, ";") {
		key, _, _ := strings.Cut(strings.TrimSpace(parameter), "=")
		hit, forwarded = hit || key == "hit", forwarded || key == "fwd"
	}
	if hit && forwarded {
		return fmt.Errorf("%w: both hit and forwarded: %q", ErrSource, values[0])
	}
	return nil
}

// FromMemory checks that k8cache answered by itself.
func FromMemory(header http.Header) error { return source(header, Hit) }

// FromServer checks that the API server answered.
func FromServer(header http.Header) error { return source(header, Bypass) }

func source(header http.Header, want string) error {
	if got := header.Get("Cache-Status"); !strings.HasPrefix(got, want) {
		return fmt.Errorf("%w: Cache-Status %q, want %q", ErrSource, got, want)
	}
	return nil
}
