package httpapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/internal/httpapi/query"
	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/serialize"
)

const (
	// versionWait is how long a read waits for a version not seen yet, as long as an API server does.
	versionWait = 3 * time.Second
	// aheadWait is how long it waits where the API server can be asked instead. Events come within milliseconds, but how
	// far its API server has come without any, a collection learns once a minute, by a bookmark.
	aheadWait = 500 * time.Millisecond
)

// errRightsMoved says that rights changed while an answer was made: it must not leave, and is made anew.
var errRightsMoved = errors.New("rights moved while the answer was made")

// sight is one caller's sight of one collection: who asks, what they may see, and the objects.
type sight struct {
	read
	cluster    string
	user       rbac.User
	attributes rbac.Attributes
	scope      rbac.Scope
	form       form
	adds       bool // asks for what no API server knows
	derived    bool // selects by a field that only the API server can make
	collection Collection
	kind       serialize.Kind // how objects are written: the collection's own, or that of the form
	leave      func()
}

// see finds out what the caller may see, and only then looks for the objects: a caller without rights neither starts a
// watch nor learns what is cached. A nil sight without error means that the request has been passed on. A sight takes a
// place among the requests being answered, to be given back by leave.
func (a *api) see(w http.ResponseWriter, r *http.Request, c *Cluster, want read, options listOptions) (*sight, error) {
	var cacheable bool
	want.namespaced, cacheable = c.Collections.Resource(r.Context(), want.GroupVersionResource)
	if !cacheable || !want.fits() {
		return nil, a.forward(w, r, c)
	}
	caller, err := c.Authenticator.Authenticate(r.Context(), r)
	if err != nil {
		return nil, err
	}
	rec := recordOf(r.Context())
	rec.user, rec.by = caller.Name, caller.Method
	s := &sight{
		read: want, cluster: rec.cluster, user: caller.User, attributes: want.attributes(options),
		adds: options.query.Adds(), derived: options.derived(want.GroupResource()),
	}
	if s.scope, err = c.Authorizer.Scope(r.Context(), caller.User, s.attributes); err != nil {
		return nil, err
	}
	rec.decide(s.scope)
	switch {
	case s.scope.Empty():
		return nil, s.scope.Forbidden()
	case options.strict && !s.scope.All():
		rec.decision = denied
		return nil, rbac.Forbidden(s.user, s.attributes)
	}
	if s.leave, err = a.places(want, options).enter(s.cluster, s.user.Name); err != nil {
		return nil, err
	}
	if err = a.findOrLeave(r.Context(), c, s, options.query); err != nil {
		switch {
		case errors.Is(err, ErrHealing) && !s.scope.All():
			return nil, notSynced(want.GroupResource().String()) // the API server would say that they may see nothing
		case errors.Is(err, ErrNotCached):
			return nil, a.forward(w, r, c)
		}
		return nil, err
	}
	return s, nil
}

// places are those that a read takes one of.
func (a *api) places(want read, o listOptions) *limit {
	switch {
	case want.watch:
		return a.watches
	case o.query.Adds():
		return a.queries
	}
	return a.reads
}

// findOrLeave gives the place back where nothing is found, and where looking panics.
func (a *api) findOrLeave(ctx context.Context, c *Cluster, s *sight, q query.Query) error {
	found := false
	defer func() {
		if !found {
			s.leave()
		}
	}()
	err := a.find(ctx, c, s, q)
	found = err == nil
	return err
}

// find finds the collection that holds what is asked for in a form that the caller takes: for what no API server knows,
// and for a caller who sees a part, the first that can be made.
func (a *api) find(ctx context.Context, c *Cluster, s *sight, q query.Query) error {
	forms := s.forms
	if !q.Fields.Everything() || len(q.Aggregate) > 0 {
		forms = forms.withoutTables() // they have no fields
	}
	for {
		all := s.scope.All() && !s.adds
		var ours bool
		if s.form, ours = forms.choose(all); !ours || all && s.derived {
			return ErrNotCached
		}
		options, err := s.tableOptions()
		if err != nil && all {
			return ErrNotCached // the API server has words of its own
		}
		if err != nil {
			return err
		}
		if s.collection, err = a.collection(ctx, c, s); err == nil {
			s.kind = s.form.kind(s.collection, options)
			return nil
		}
		if all || !s.lacksTables(err) {
			return err
		}
		forms = forms.withoutTables()
	}
}

// lacksTables says whether an error means that no tables are to be had, where other forms may be.
func (s *sight) lacksTables(err error) bool {
	return s.form.shape == table && (errors.Is(err, ErrNotCached) || errors.Is(err, ErrFull))
}

// upstream passes on what an API server would refuse. Of a bad selector it would tell a caller of a part nothing but 403:
// they are told here.
func (a *api) upstream(w http.ResponseWriter, r *http.Request, c *Cluster, want read, options listOptions) error {
	if options.refusal == nil {
		return a.forward(w, r, c)
	}
	see, err := a.see(w, r, c, want, listOptions{})
	if err != nil || see == nil {
		return err
	}
	defer see.leave()
	if see.scope.All() && !options.query.Adds() {
		return a.forward(w, r, c)
	}
	return options.refusal
}

// collection waits until a resource is synced, for as long as a request may. What there is no memory for is as good as not
// cached to who may see all of it.
func (a *api) collection(ctx context.Context, c *Cluster, s *sight) (Collection, error) {
	ctx, cancel := context.WithTimeout(ctx, a.options.SyncTimeout)
	defer cancel()
	find := c.Collections.Collection
	if s.form.shape == table {
		find = c.Collections.Table
	}
	collection, err := find(ctx, s.GroupVersionResource)
	switch {
	case errors.Is(err, ErrFull) && s.scope.All() && !s.adds:
		err = ErrNotCached
	case errors.Is(err, ErrFull):
		err = fmt.Errorf("%w: %w", err, full(s.GroupResource().String()))
	case err != nil && !errors.Is(err, ErrNotCached):
		err = notSynced(s.GroupResource().String())
	}
	return collection, err
}

// snapshot is the state of the collection that a read is about. It is nil where that is no longer held.
func (s *sight) snapshot(ctx context.Context, f freshness, version uint64) (*store.Snapshot, error) {
	switch f {
	case newest, asUpstream:
		return s.collection.Snapshot(), nil
	case exactly:
		if _, err := s.reach(ctx, version); err != nil {
			return nil, err
		}
		return s.collection.At(version), nil
	case notOlderThan:
	}
	return s.reach(ctx, version)
}

// reach waits until the collection has come to a version.
func (s *sight) reach(ctx context.Context, version uint64) (*store.Snapshot, error) {
	wait := versionWait
	if s.scope.All() && !s.adds && !s.watch {
		wait = aheadWait
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	snapshot, err := s.collection.WaitFor(ctx, version)
	if err != nil {
		return nil, aheadError{tooLarge(version, s.collection.Snapshot().ResourceVersion())}
	}
	return snapshot, nil
}

// aheadError says that the collection has not come to a version.
type aheadError struct{ *apierrors.StatusError }

// passesOn says whether a version is missing here that the API server may have: then it is asked, if the caller sees all and
// asks for nothing that it does not know.
func (s *sight) passesOn(err error) bool {
	var ahead aheadError
	return s.scope.All() && !s.adds && (errors.Is(err, errNotHeld) || errors.As(err, &ahead))
}

// tooLarge is the API server's answer to a version that it has not come to (NewTooLargeResourceVersionError in
// k8s.io/apiserver).
func tooLarge(asked, current uint64) *apierrors.StatusError {
	message := fmt.Sprintf("Too large resource version: %d, current: %d", asked, current)
	err := apierrors.NewTimeoutError(message, retrySeconds)
	err.ErrStatus.Details.Causes = []metav1.StatusCause{{
		Type: metav1.CauseTypeResourceVersionTooLarge, Message: "Too large resource version",
	}}
	return err
}
