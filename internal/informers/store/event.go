package store

import (
	"fmt"

	"github.com/k8cache/k8cache/internal/serialize"
)

// EventType is what happened to an object, in the words of a watch.
type EventType string

// The types of events.
const (
	Added    EventType = "ADDED"
	Modified EventType = "MODIFIED"
	Deleted  EventType = "DELETED"
)

// Event is one change of a collection.
type Event struct {
	Type EventType
	// Object is the object after the change; when deleted, its last content at
	// the version of the deletion.
	Object serialize.Object
	// Previous is the object before the change, unless it was added: to a
	// watch whose selector it has left, the change is a deletion.
	Previous serialize.Object
	// ResourceVersion is that of the change. It grows from event to event.
	ResourceVersion uint64

	lines *lines // shared by all copies of the event; nil once it is none of the newest
}

// size is about how much memory the event takes.
func (e Event) size() int64 {
	const around = 256 // the Event itself and its place in a chunk
	return int64(e.Object.Size()+e.Previous.Size()) + around
}

// TooOldError says that the events after a version are no longer kept, or
// never were. The caller has to list anew.
type TooOldError struct {
	// Version is what was asked for.
	Version uint64
	// Oldest is the lowest version after which all events are kept.
	Oldest uint64
}

// Error says it as an API server does.
func (e *TooOldError) Error() string {
	return fmt.Sprintf("too old resource version: %d (%d)", e.Version, e.Oldest)
}
