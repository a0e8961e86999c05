package store

import (
	"cmp"
	"iter"
	"slices"
	"strings"

	"github.com/k8cache/k8cache/internal/serialize"
)

// record adds what differs between two snapshots to the history. If that is
// more than the history could keep, or could not have happened in this order,
// the history begins anew and all watches have to as well.
func (c *Collection) record(old, next *Snapshot) {
	var events []Event
	size := int64(0)
	for before, after := range differences(old, next) {
		e := eventOf(before, after)
		events = append(events, e)
		if size += e.size(); size > c.history.limit {
			c.history.reset(next.version)
			return
		}
	}
	if !inOrder(events, old.version, next.version) {
		c.history.reset(next.version)
		return
	}
	for _, e := range events {
		if e.Type == Deleted {
			e.Object = e.Object.WithResourceVersion(e.ResourceVersion)
		}
		c.history.add(e)
	}
}

// eventOf is the event that led from one object to the other; one of them may
// be missing.
func eventOf(before, after serialize.Object) Event {
	switch {
	case before.Key() == "":
		return Event{Type: Added, Object: after.Clone(), ResourceVersion: after.ResourceVersion()}
	case after.Key() == "":
		return Event{Type: Deleted, Object: before, Previous: before.Clone()}
	}
	return Event{Type: Modified, Object: after.Clone(), Previous: before.Clone(), ResourceVersion: after.ResourceVersion()}
}

// inOrder sorts events by version and is false if they do not fit between the
// two versions. When an object was deleted is not known; each deletion gets a
// version of its own, as it had one, as late as there is one to spare.
func inOrder(events []Event, after, upTo uint64) bool {
	taken, latest := map[uint64]bool{}, upTo
	for _, e := range events {
		taken[e.ResourceVersion] = e.Type != Deleted
	}
	for i := range events {
		if events[i].Type != Deleted {
			continue
		}
		for taken[upTo] {
			upTo--
		}
		events[i].ResourceVersion = upTo
		taken[upTo] = true
	}
	slices.SortFunc(events, func(a, b Event) int { return cmp.Compare(a.ResourceVersion, b.ResourceVersion) })
	return len(events) == 0 || events[0].ResourceVersion > after && events[len(events)-1].ResourceVersion <= latest
}

// differences yields the pairs of objects that are not the same in both
// snapshots. Leaves that both have are passed over whole, and a leaf without a
// difference is not unpacked.
func differences(old, next *Snapshot) iter.Seq2[serialize.Object, serialize.Object] {
	return func(yield func(before, after serialize.Object) bool) {
		before, stop := iter.Pull(old.allBut(next).rows())
		defer stop()
		after, stop := iter.Pull(next.allBut(old).rows())
		defer stop()
		b, moreB := before()
		a, moreA := after()
		for goOn := true; goOn && (moreB || moreA); {
			switch order := compareRows(b, moreB, a, moreA); {
			case order < 0:
				goOn = yield(b.object(), serialize.Object{})
				b, moreB = before()
			case order > 0:
				goOn = yield(serialize.Object{}, a.object())
				a, moreA = after()
			default:
				if !b.ref().Same(a.ref()) {
					goOn = yield(b.object(), a.object())
				}
				b, moreB = before()
				a, moreA = after()
			}
		}
	}
}

// compareRows orders two rows by key; a row that is not there comes last.
func compareRows(b row, moreB bool, a row, moreA bool) int {
	switch {
	case !moreA:
		return -1
	case !moreB:
		return 1
	}
	return strings.Compare(b.ref().Key(), a.ref().Key())
}

// allBut are the objects in leaves that the other snapshot does not have.
func (s *Snapshot) allBut(other *Snapshot) View {
	shared := map[*leaf]bool{}
	for l := range other.leaves() {
		shared[l] = true
	}
	var pieces []piece
	for l := range s.leaves() {
		if !shared[l] {
			pieces = append(pieces, wholeOf(l))
		}
	}
	return newView(pieces)
}
