package validate

import (
	"errors"
	"fmt"
	"strconv"
)

// ErrForward breaks the guarantee that time never runs back for a reader.
var ErrForward = errors.New("time ran back")

// Forward checks the versions that one reader saw of one collection, in the order they were seen.
func Forward(versions []string) error {
	var last uint64
	for _, version := range versions {
		next, err := strconv.ParseUint(version, 10, 64)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrForward, err)
		}
		if next < last {
			return fmt.Errorf("%w: from version %d to %d", ErrForward, last, next)
		}
		last = next
	}
	return nil
}
