package serialize

import "sync"

// Part is a run of list items, joined by commas.
type Part interface {
	// Len is the number of items.
	Len() int
	// Joined are the items as JSON with commas between. The result is either
	// memory that the part keeps, and must not be changed, or made in room,
	// if that has capacity for JoinedSize bytes.
	Joined(room []byte) []byte
	// JoinedSize is the length of Joined, known without making it.
	JoinedSize() int64
	// Deflated is Joined as a deflate block.
	Deflated() Block
}

// loose is a part made of single objects.
type loose struct {
	objects []Object
	size    int64
	once    sync.Once
	block   Block
}

var _ Part = (*loose)(nil)

// Items is a part of loose objects, in the order given.
func Items(objects []Object) Part {
	p := &loose{objects: objects, size: int64(max(0, len(objects)-1))}
	for _, o := range objects {
		p.size += int64(len(o.raw))
	}
	return p
}

// Len is the number of objects.
func (p *loose) Len() int { return len(p.objects) }

// JoinedSize is the number of the objects' bytes and the commas between.
func (p *loose) JoinedSize() int64 { return p.size }

// Joined joins the objects, anew each time: they are all here already.
func (p *loose) Joined(room []byte) []byte {
	if int64(cap(room)) < p.size {
		room = make([]byte, 0, p.size)
	}
	room = room[:0]
	for i, o := range p.objects {
		if i > 0 {
			room = append(room, ',')
		}
		room = append(room, o.raw...)
	}
	return room
}

// Deflated deflates the objects when first asked to.
func (p *loose) Deflated() Block {
	p.once.Do(func() { p.block = DeflateObjects(p.objects) })
	return p.block
}
