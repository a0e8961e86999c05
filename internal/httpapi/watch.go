package httpapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/internal/informers/store"
)

const (
	// bookmarkPeriod is the time between bookmarks; an API server sends one about every minute.
	bookmarkPeriod = 50 * time.Second
	// lastBookmark is how long before its end a watch sends one more, so that the next begins there.
	lastBookmark = 2 * time.Second
	// rescopePeriod is how soon a watch without events finds out that rights have changed.
	rescopePeriod = time.Second / 2
)

// watch answers with the events of what the caller may see.
func (a *api) watch(w http.ResponseWriter, r *http.Request, c *Cluster, want read) error {
	options, err := parseWatchOptions(want.GroupResource(), want.query)
	if err != nil {
		return err
	}
	if err := a.searchable(options.listOptions); err != nil {
		return err
	}
	if options.freshness == asUpstream {
		return a.upstream(w, r, c, want, options.listOptions)
	}
	see, err := a.see(w, r, c, want, options.listOptions)
	if err != nil || see == nil {
		return err
	}
	defer see.leave()
	see.describe(w, r)
	w.Header().Del("Age") // a stream has none
	ctx, cancel := context.WithTimeout(r.Context(), options.timeout)
	defer cancel()
	out, err := a.newSink(w, r, options.marked) // as API servers do: other watches are never compressed
	if err != nil {
		return err
	}
	defer out.drop()
	s := &watching{
		see: see, options: options, authorizer: c.Authorizer, out: tallied{out, recordOf(ctx)}, stop: a.options.Stop, watches: a.watches,
		moved: func() { a.began(ctx, "rights changed") }, lives: r.Header.Get("Upgrade") != "", ends: time.Now().Add(options.timeout),
	}
	s.encode, s.form = s.line, see.lineForm(options.query)
	a.began(ctx, "watch")
	out.close(s.run(ctx))
	return nil
}

// watching is one watch while it runs. It belongs to the request's goroutine, and so does its scope: no two watches
// share one.
type watching struct {
	see        *sight
	options    watchOptions
	authorizer Authorizer
	form       string                   // of the lines that are shared; empty: none are
	encode     func(store.Event) []byte // makes one
	out        sink
	stop       <-chan struct{}
	ends       time.Time
	watches    *limit // all that are open
	pacing     *time.Timer
	sent       bool // something, since the pace was last kept
	events     *store.Subscription
	lives      bool // a change of rights is told on the stream instead of ending it
	turned     turn
	moved      func() // writes that down
	room       []byte // for a line that nobody else is sent
	marked     bool   // the bookmark before the end has been sent
}

var (
	errWatchEnded = errors.New("the watch has come to its end")
	errGone       = errors.New("the client is too slow, or gone")
)

// run sends events until the watch ends; the error says why.
func (s *watching) run(ctx context.Context) error {
	if err := s.start(ctx); err != nil {
		return err
	}
	tick := time.NewTicker(rescopePeriod)
	defer tick.Stop()
	s.pacing = time.NewTimer(paceMost)
	defer s.pacing.Stop()
	bookmark := time.Now().Add(bookmarkPeriod)
	for {
		more, err := s.deliver(ctx)
		if err != nil {
			return err
		}
		if more == nil {
			continue
		}
		if now := time.Now(); s.options.bookmarks && (now.After(bookmark) || !s.marked && s.ends.Sub(now) < lastBookmark) {
			bookmark, s.marked = now.Add(bookmarkPeriod), s.ends.Sub(now) < lastBookmark
			// A watch that began in the future has nothing to say of it before it comes.
			if version := s.events.ResourceVersion(); version <= s.see.collection.Snapshot().ResourceVersion() {
				s.bookmark(version, false)
			}
		}
		if err := s.out.flush(); err != nil {
			return errGone
		}
		if err := s.wait(ctx, more, tick.C); err != nil {
			return err
		}
	}
}

// start finds the place to begin and sends the initial events.
func (s *watching) start(ctx context.Context) error {
	if !s.options.initial {
		return s.resume()
	}
	snapshot, err := s.see.snapshot(ctx, s.options.freshness, s.options.version)
	if err != nil {
		return s.fail(err)
	}
	s.events = s.see.collection.WatchFrom(snapshot)
	if !s.authorizer.Current(ctx, s.see.scope) {
		return s.fail(rightsChanged())
	}
	for object := range s.options.filter.Match(s.see.scope.Select(snapshot)).View().Objects() {
		s.send("ADDED", object)
		if s.out.failed() {
			return errGone
		}
	}
	if s.options.marked {
		s.bookmark(snapshot.ResourceVersion(), true)
	}
	return nil
}

// resume begins after a version, or with the next event.
func (s *watching) resume() (err error) {
	if s.options.after == 0 {
		s.events = s.see.collection.WatchFrom(s.see.collection.Snapshot())
		return nil
	}
	if s.events, err = s.see.collection.Watch(s.options.after); err != nil {
		return s.fail(apierrors.NewResourceExpired(err.Error()))
	}
	return nil
}

// deliver sends the events that there are. Rights are looked at again before each batch: an event that comes after a
// change of rights is sent under the new ones, or not at all.
func (s *watching) deliver(ctx context.Context) (more <-chan struct{}, err error) {
	told := s.events.ResourceVersion()
	events, more, err := s.events.Take()
	if err != nil {
		return nil, errGone
	}
	if !s.authorizer.Current(ctx, s.see.scope) {
		if err := s.turn(ctx, told); err != nil {
			return nil, err
		}
	}
	for _, e := range events {
		s.event(e)
	}
	if s.out.failed() {
		return nil, errGone
	}
	return more, nil
}

// fail sends a Status as the stream's last event.
func (s *watching) fail(err error) error {
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		s.notice("ERROR", statusBytes(status.Status()))
	}
	return err
}

// rightsChanged makes clients list anew: what they may see is another collection now.
func rightsChanged() error {
	err := apierrors.NewResourceExpired("the caller's rights have changed: list again")
	err.ErrStatus.Code, err.ErrStatus.Reason = http.StatusGone, metav1.StatusReasonExpired
	return err
}
