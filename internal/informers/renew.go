package informers

import (
	"context"
	"sync/atomic"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// renewal makes a mirror read its whole collection anew, where going on from event to event is not enough.
type renewal struct {
	wanted atomic.Bool
	open   atomic.Pointer[context.CancelFunc] // ends the watch that is open
}

// renew ends the open watch. The next one that would go on from there is refused, at which the Reflector begins anew.
func (r *renewal) renew() {
	r.wanted.Store(true)
	if end := r.open.Load(); end != nil {
		(*end)()
	}
}

// opens notes a watch that is about to be opened and how to end it.
func (r *renewal) opens(whole bool, end context.CancelFunc) error {
	r.open.Store(&end)
	if whole {
		r.wanted.Store(false)
	}
	if r.wanted.Load() {
		return errAnew()
	}
	return nil
}

// errAnew makes the Reflector begin anew.
func errAnew() error { return apierrors.NewResourceExpired("the collection is to be read anew") }
