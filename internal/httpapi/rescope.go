package httpapi

import (
	"context"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/serialize"
)

// turn is a change of the caller's rights on a stream that goes on.
//
// A program that watches by chunks lists again when it is told 410, and has all in step then. A page that watches by
// WebSocket does not, nor does it connect again: it would show for ever what it showed last. It is told what left its
// sight as deleted and what entered it as added.
type turn struct {
	before rbac.Scope
	told   uint64 // what was written up to here was told, or kept back, under the scope before
	until  uint64 // the version of the snapshot by which the change was told
}

// saw says whether the caller knows an object as it was before an event. Up to the snapshot by which a change of rights
// was told, objects can have an older state in which only the rights before decided about them.
func (s *watching) saw(e store.Event) bool {
	if e.ResourceVersion <= s.turned.until && e.Previous.ResourceVersion() <= s.turned.told {
		return s.turned.before.Allows(e.Previous.Namespace(), e.Previous.Name()) && s.options.filter.Picks(e.Previous)
	}
	return s.sees(e.Previous)
}

// turn puts the stream under the caller's rights of now, or ends it.
func (s *watching) turn(ctx context.Context, told uint64) error {
	if !s.lives || told < s.turned.until { // in the latter case a change came while the one before was not yet told
		return s.fail(rightsChanged())
	}
	scope, err := s.known(ctx)
	if err != nil {
		return err
	}
	if scope.Equal(s.see.scope) {
		return nil // for a while it was not known
	}
	if s.options.strict && !scope.All() {
		return s.fail(rightsChanged())
	}
	now := s.see.collection.Snapshot()
	s.turned = turn{before: s.see.scope, told: told, until: now.ResourceVersion()}
	s.see.scope = scope
	recordOf(ctx).decide(scope)
	s.moved()
	// Objects are sent as they are read: a part may be larger than memory.
	for object := range s.part(now, s.turned.before, scope) {
		if s.options.query.Slim {
			object = object.Slim()
		}
		s.send(string(store.Deleted), object.WithoutResourceVersion())
	}
	for object := range s.part(now, scope, s.turned.before) {
		s.send(string(store.Added), object)
	}
	return nil
}

// known waits until the caller's rights are known: while they are not, nothing is sent but what was due before.
func (s *watching) known(ctx context.Context) (rbac.Scope, error) {
	tick := time.NewTicker(rescopePeriod)
	defer tick.Stop()
	for {
		scope, err := s.authorizer.Scope(ctx, s.see.user, s.see.attributes)
		if err == nil {
			return scope, nil
		}
		if apierrors.IsBadRequest(err) { // more questions than there may be: that does not pass
			return scope, s.fail(err)
		}
		if err := s.out.flush(); err != nil {
			return scope, errGone
		}
		select {
		case <-tick.C:
		case <-s.stop:
			return scope, errWatchEnded
		case <-ctx.Done():
			return scope, errWatchEnded
		}
	}
}

// part is what one scope shows of the objects that the stream has come to, and the other does not. Later states come as
// events.
func (s *watching) part(now *store.Snapshot, in, notIn rbac.Scope) func(func(serialize.Object) bool) {
	return func(yield func(serialize.Object) bool) {
		for object := range s.options.filter.Match(in.Select(now)).View().Objects() {
			if object.ResourceVersion() > s.turned.told || notIn.Allows(object.Namespace(), object.Name()) {
				continue
			}
			if !yield(object) || s.out.failed() {
				return
			}
		}
	}
}
