package httpapi

import (
	"context"
	"time"
)

const (
	// paceEach is what each open watch adds to the time between two deliveries to one of them, and paceMost bounds it. A
	// delivery takes a wake-up, a record of TLS and a system call, together 5 to 10 µs: however often things change, all
	// watches together take about a twentieth of one core for those. A few watches have no pace.
	paceEach, paceLeast, paceMost = 150 * time.Microsecond, time.Millisecond, 150 * time.Millisecond
)

// pace is how long a watch gathers events after it has sent some, when so many watches are open. What comes after a
// longer silence is sent at once.
func pace(watches int) time.Duration {
	if d := min(time.Duration(watches)*paceEach, paceMost); d >= paceLeast {
		return d
	}
	return 0
}

// wait returns when there may be something to do: events after a change, or a look at the rights.
func (s *watching) wait(ctx context.Context, more <-chan struct{}, tick <-chan time.Time) error {
	if err := s.gather(ctx); err != nil {
		return err
	}
	select {
	case <-more:
	case <-tick:
		s.see.collection.Touch()
	case <-s.see.collection.Ended:
		return errWatchEnded
	case <-s.stop:
		return errWatchEnded
	case <-ctx.Done():
		return errWatchEnded
	}
	return nil
}

// gather waits for what the pace demands after something was sent.
func (s *watching) gather(ctx context.Context) error {
	d := pace(s.watches.count())
	if !s.sent || d == 0 {
		return nil
	}
	s.sent = false
	s.pacing.Reset(d)
	select {
	case <-s.pacing.C:
		return nil
	case <-s.stop:
		return errWatchEnded
	case <-ctx.Done():
		return errWatchEnded
	}
}
