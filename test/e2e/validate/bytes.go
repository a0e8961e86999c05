package validate

import (
	"bytes"
	"errors"
	"fmt"
)

// ErrBytes breaks the guarantee that a caller who may see all gets the API server's bytes.
var ErrBytes = errors.New("not the API server's bytes")

// SameBytes checks that two bodies are equal and shows the first difference.
func SameBytes(direct, cached []byte) error {
	if bytes.Equal(direct, cached) {
		return nil
	}
	at := 0
	for at < min(len(direct), len(cached)) && direct[at] == cached[at] {
		at++
	}
	return fmt.Errorf("%w: %d and %d bytes, different from byte %d:\n  direct %s\n  cached %s",
		ErrBytes, len(direct), len(cached), at, excerpt(direct, at), excerpt(cached, at))
}
