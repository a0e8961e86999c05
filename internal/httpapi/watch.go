package httpapi

import (
	"context"
	"errors"
	"net/http"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

const (
	// bookmarkPeriod is the time between bookmarks; an API server sends one about every minute.
	bookmarkPeriod = 50 * time.Second
	// lastBookmark is how long before its end a watch sends one more, so that the next begins there.
	lastBookmark = 2 * time.Second
	// rescopePeriod is how soon a watch without events finds out that rights have changed.
	rescopePeriod = time.Second
)

// watch answers with the events of what the caller may see.
func (a *api) watch(w http.ResponseWriter, r *http.Request, c *Cluster, want read) error {
	options, err := parseWatchOptions(want.query)
	if err != nil {
		return err
	}
	if options.freshness == asUpstream {
		return a.forward(w, r, c)
	}
	see, err := a.see(w, r, c, want, options.listOptions)
	if err != nil || see == nil {
		return err
	}
	defer see.leave()
	describe(w, r, see.collection)
	w.Header().Del("Age") // a stream has none
	ctx, cancel := context.WithTimeout(r.Context(), max(options.timeout, 0))
	defer cancel()
	out, err := newSink(w, r)
	if err != nil {
		return err
	}
	s := &watching{
		see: see, options: options, authorizer: c.Authorizer, out: out, stop: a.options.Stop, watches: a.watches, encode: see.collection.line,
		picks: newMatcher(see.GroupResource(), options.labels, options.fields), ends: time.Now().Add(options.timeout),
	}
	out.close(s.run(ctx))
	return nil
}

// watching is one watch while it runs. It belongs to the request's goroutine, and so does its scope: no two watches
// share one.
type watching struct {
	see        *sight
	options    watchOptions
	authorizer Authorizer
	picks      matcher
	encode     func(store.Event) []byte // what is the same to all
	out        sink
	stop       <-chan struct{}
	ends       time.Time
	watches    *limit // all that are open
	pacing     *time.Timer
	sent       bool // something, since the pace was last kept
	events     *store.Subscription
	room       []byte // for a line that nobody else is sent
	marked     bool   // the bookmark before the end has been sent
}

var (
	errWatchEnded = errors.New("the watch has come to its end")
	errGone       = errors.New("the client is too slow, or gone")
)

// run sends events until the watch ends; the error says why.
func (s *watching) run(ctx context.Context) error {
	if s.options.timeout <= 0 {
		return errWatchEnded
	}
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
			s.notice("BOOKMARK", s.see.collection.bookmark(s.events.ResourceVersion(), false))
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
	for object := range s.picks.pick(s.see.scope.Select(snapshot)).Objects() {
		s.send("ADDED", object)
		if s.out.failed() {
			return errGone
		}
	}
	if s.options.marked {
		s.notice("BOOKMARK", s.see.collection.bookmark(snapshot.ResourceVersion(), true))
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
	events, more, err := s.events.Take()
	if err != nil {
		return nil, errGone
	}
	if !s.authorizer.Current(ctx, s.see.scope) {
		return nil, s.fail(rightsChanged())
	}
	for _, e := range events {
		s.event(e)
	}
	if s.out.failed() {
		return nil, errGone
	}
	return more, nil
}

// wholeObjects names the form of events that API servers send where no other is asked for.
const wholeObjects = "json"

// event sends an event, if it is one to this caller. Where it is the same to all callers who see it, all are sent the
// same line.
func (s *watching) event(e store.Event) {
	switch kind, object, ok := s.translate(e); {
	case !ok:
	case kind == string(e.Type): // and the object is the event's
		s.out.event(e.Line(wholeObjects, s.encode))
		s.sent = true
	default:
		s.send(kind, object)
	}
}

// line is an event as most watches send it.
func (c Collection) line(e store.Event) []byte {
	const around = 128 // the type, and the object's own kind and version
	return c.Kind.AppendEvent(make([]byte, 0, e.Object.Size()+around), string(e.Type), e.Object)
}

func (s *watching) send(kind string, object serialize.Object) {
	s.room = s.see.collection.Kind.AppendEvent(s.room[:0], kind, object)
	s.out.event(s.room)
	s.sent = true
}

func (s *watching) notice(kind string, object []byte) {
	s.room = serialize.AppendNotice(s.room[:0], kind, object)
	s.out.event(s.room)
}

// translate is what an event is to this caller: what enters their sight is added, what leaves it is deleted, with the
// content that they last saw.
func (s *watching) translate(e store.Event) (kind string, object serialize.Object, ok bool) {
	if s.see.scope.All() && s.see.namespace == "" && s.picks.everything() {
		return string(e.Type), e.Object, true
	}
	now := e.Type != store.Deleted && s.sees(e.Object)
	before := e.Type != store.Added && s.sees(e.Previous)
	switch {
	case now && before:
		return string(store.Modified), e.Object, true
	case now:
		return string(store.Added), e.Object, true
	case before && e.Type == store.Deleted:
		return string(store.Deleted), e.Object, true
	case before:
		return string(store.Deleted), e.Previous.WithResourceVersion(e.ResourceVersion), true
	}
	return "", serialize.Object{}, false
}

func (s *watching) sees(object serialize.Object) bool {
	return s.see.scope.Allows(object.Namespace(), object.Name()) && s.picks.picks(object)
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
