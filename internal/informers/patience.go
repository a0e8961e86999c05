package informers

import (
	"context"
	"time"

	"k8s.io/utils/clock"
)

// patience is a clock whose waits end with a context. A Reflector that was refused waits by its clock for the next try, up to
// a minute, and looks at no context meanwhile.
type patience struct {
	clock.RealClock

	ctx context.Context //nolint:containedctx // how long there is something to wait for
}

// After is closed after some time, or once there is nothing left to wait for.
func (p patience) After(d time.Duration) <-chan time.Time {
	over := make(chan time.Time)
	ctx, cancel := context.WithTimeout(p.ctx, d)
	context.AfterFunc(ctx, func() {
		cancel()
		close(over)
	})
	return over
}
