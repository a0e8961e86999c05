package store

import (
	"slices"

	"github.com/k8cache/k8cache/internal/serialize"
)

// fullChunk is when a chunk of events is sealed, in bytes and in events. Like
// a leaf it then deflates well, and resuming a watch unpacks little too much.
const (
	fullChunk      = fullLeaf
	fullChunkCount = 128
)

// chunk is a run of events. While open it is added to; once sealed its events
// are a parcel, and can be packed. The newest sealed one keeps its events, too,
// with what they are sent as: watchers who are nearly live read them.
type chunk struct {
	begin    int // the number of its first event
	size     int64
	versions []uint64
	events   []Event // while open, and until the next one is sealed
	sealed   *parcel
	marks    []mark
}

// mark is an event of a sealed chunk without its objects. They stand in the
// parcel in the order of events, the previous one before the new one.
type mark struct {
	typ     EventType
	updated bool // there is a previous one
}

// add appends an event to an open chunk.
func (c *chunk) add(e Event) {
	c.events = append(c.events, e)
	c.versions = append(c.versions, e.ResourceVersion)
	c.size += e.size()
}

// full says whether the chunk should be sealed.
func (c *chunk) full() bool { return c.size >= fullChunk || len(c.events) == fullChunkCount }

// end is the number of the event after its last.
func (c *chunk) end() int { return c.begin + len(c.versions) }

// last is the version of its last event.
func (c *chunk) last() uint64 { return c.versions[len(c.versions)-1] }

// after is the number of its first event after a version.
func (c *chunk) after(version uint64) int {
	i, _ := slices.BinarySearchFunc(c.versions, version, func(v, version uint64) int { return before(v <= version) })
	return c.begin + i
}

// before is what a binary search for the first one that is not before wants.
func before(yes bool) int {
	if yes {
		return -1
	}
	return 1
}

// seal makes the chunk's events a parcel.
func (c *chunk) seal(packer *Packer) {
	var objects []serialize.Object
	c.marks = make([]mark, len(c.events))
	for i, e := range c.events {
		c.marks[i] = mark{typ: e.Type, updated: e.Previous.Key() != ""}
		if c.marks[i].updated {
			objects = append(objects, e.Previous)
		}
		objects = append(objects, e.Object)
	}
	c.sealed = new(parcel)
	c.sealed.init(packer, objects)
	c.sealed.stale.Store(true) // reading it is not to unpack it for good
}

// pack drops the bytes of a sealed chunk's objects and updates its size.
func (c *chunk) pack() {
	const each = 192 // a mark and the Refs of two objects
	c.sealed.pack()
	c.events = nil
	c.size = int64(len(c.sealed.Deflated().Data) + len(c.marks)*each)
}

// from are the events from a number on.
func (c *chunk) from(number int) []Event {
	i := number - c.begin
	if c.events != nil {
		return c.events[i:len(c.events):len(c.events)]
	}
	objects := c.sealed.objects()
	events := make([]Event, len(c.marks))
	for n, m := range c.marks {
		e := Event{Type: m.typ, ResourceVersion: c.versions[n]}
		if m.updated {
			e.Previous, objects = objects[0], objects[1:]
		}
		e.Object, objects = objects[0], objects[1:]
		events[n] = e
	}
	return events[i:]
}
