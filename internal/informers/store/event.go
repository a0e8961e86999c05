package store

import "github.com/k8cache/k8cache/internal/serialize"

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
	// Previous is the object before the change, unless it was added.
	Previous serialize.Object
	// ResourceVersion is that of the change.
	ResourceVersion uint64
}
