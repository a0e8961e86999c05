package store

// Subscription is a watcher's place in the events of a collection. It is for
// one goroutine and needs no closing: it holds nothing but numbers.
//
// A watcher is live while it takes events as they come, lagging while there
// are events that it has not taken, and gone once one of those was dropped
// from the history, which is bounded:
//
//	live ◄──take──► lagging ──history moved on──► gone
//
// Nobody ever waits for a slow watcher, nor keeps a queue for it.
type Subscription struct {
	collection *Collection
	number     int    // of the next event
	version    uint64 // everything up to it was taken
}

// Watch begins after version: the first event taken will be the first one
// after it. It fails with a TooOldError. A version still to come is waited
// for. The collection should be synced: its first Replace ends all watches.
func (c *Collection) Watch(version uint64) (*Subscription, error) {
	number, err := c.history.after(version)
	if err != nil {
		return nil, err
	}
	return &Subscription{collection: c, number: number, version: version}, nil
}

// WatchFrom begins with the first event that is not in the snapshot.
func (c *Collection) WatchFrom(s *Snapshot) *Subscription {
	return &Subscription{collection: c, number: s.events, version: s.version}
}

// Take returns events that there are, some of them at least; they must not be
// changed. If there are none it returns a channel that is closed when there
// may be some. It fails with a TooOldError when events were lost: the watch is
// gone. What it returns is never newer than the current snapshot.
func (s *Subscription) Take() (events []Event, more <-chan struct{}, err error) {
	now := s.collection.current.Load()
	if now == nil {
		return nil, s.collection.synced, nil
	}
	for s.number < now.events {
		events, err = s.collection.history.read(s.number, s.version)
		if err != nil {
			return nil, nil, err
		}
		events = events[:min(len(events), now.events-s.number)]
		s.number += len(events)
		for len(events) > 0 && events[0].ResourceVersion <= s.version {
			events = events[1:] // the watch began in the future
		}
		if len(events) > 0 {
			s.version = events[len(events)-1].ResourceVersion
			return events, nil, nil
		}
	}
	s.version = max(s.version, now.version)
	return nil, now.next, nil
}

// ResourceVersion is the version up to which the watcher has seen everything:
// that of a bookmark for it.
func (s *Subscription) ResourceVersion() uint64 { return s.version }
