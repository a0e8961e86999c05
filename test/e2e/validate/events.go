package validate

import (
	"encoding/json"
	"errors"
	"fmt"
)

// ErrEvents breaks the guarantee that a watch has each event once, in the order of versions, and none is missing.
var ErrEvents = errors.New("not the events that happened")

// SameEvents checks that two watches of the same objects from the same version on had the same lines.
func SameEvents(direct, cached []string) error {
	for i, want := range direct[:min(len(direct), len(cached))] {
		if err := SameBytes([]byte(want), []byte(cached[i])); err != nil {
			return fmt.Errorf("%w: event %d: %w", ErrEvents, i, err)
		}
	}
	if len(direct) != len(cached) {
		return fmt.Errorf("%w: %d events, and %d happened", ErrEvents, len(cached), len(direct))
	}
	return OrderedEvents(cached)
}

// OrderedEvents checks that versions rise strictly along the lines of a watch from a version on.
func OrderedEvents(lines []string) error {
	var versions []string
	for _, line := range lines {
		var event struct {
			Object struct {
				Metadata struct{ ResourceVersion string }
			}
		}
		if err := json.Unmarshal([]byte(line), &event); err != nil {
			return fmt.Errorf("%w: %w: %.300s", ErrEvents, err, line)
		}
		next := event.Object.Metadata.ResourceVersion
		if len(versions) > 0 && versions[len(versions)-1] == next {
			return fmt.Errorf("%w: twice at version %s", ErrEvents, next)
		}
		versions = append(versions, next)
	}
	if err := Forward(versions); err != nil {
		return fmt.Errorf("%w: %w", ErrEvents, err)
	}
	return nil
}
