package informers

import (
	"errors"
	"fmt"
)

var (
	errStopped = errors.New("it is not watched any more")
	// errOutdated says that the API server prints a resource's tables with other columns than the mirror began with.
	errOutdated = errors.New("its tables have other columns now")
)

// end says that nothing follows, and why; the first reason counts.
func (m *mirror) end(reason error) {
	m.ending.Do(func() {
		m.reason = reason
		close(m.ended)
	})
}

// endsWith ends the mirror if an error says that it cannot go on. It returns the error.
func (m *mirror) endsWith(err error) error {
	if errors.Is(err, errUnfit) || errors.Is(err, errOutdated) {
		m.end(err)
	}
	return err
}

// failed is why the mirror ended by itself; nil while it has not.
func (m *mirror) failed() error {
	select {
	case <-m.ended:
		if !errors.Is(m.reason, errStopped) {
			return fmt.Errorf("%w: %w", ErrNotWatchable, m.reason)
		}
	default:
	}
	return nil
}
