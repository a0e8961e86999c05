package validate

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrUnion breaks the guarantee that a caller who may see a part gets that part: all of it, and no more.
var ErrUnion = errors.New("not the union of what the caller may list")

// Union checks that a list has exactly the items, byte for byte, that the API server gave when asked for each part.
func Union(whole *List, parts ...*List) error {
	missing := map[string]string{}
	for _, part := range parts {
		for _, item := range part.Items {
			missing[item.Key()] = item.Raw
		}
	}
	for _, item := range whole.Items {
		raw, ok := missing[item.Key()]
		if !ok {
			return fmt.Errorf("%w: %s is in no part", ErrUnion, item.Key())
		}
		if err := SameBytes([]byte(raw), []byte(item.Raw)); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrUnion, item.Key(), err)
		}
		delete(missing, item.Key())
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w: %d items are missing: %s", ErrUnion, len(missing), some(missing))
	}
	return Ordered(whole)
}

func some(missing map[string]string) string {
	keys := make([]string, 0, len(missing))
	for key := range missing {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return strings.Join(keys[:min(5, len(keys))], ", ")
}
