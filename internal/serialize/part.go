package serialize

import "sync"

// Part is a run of list items, joined by commas.
type Part interface {
	// Len is the number of items.
	Len() int
	// Joined are the items as JSON, with commas between.
	Joined() []byte
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

// Items is a part of loose objects, such as what a filter left of a leaf.
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
func (p *loose) Joined() []byte { return Join(make([]byte, 0, p.size), p.objects) }

// Deflated deflates the objects when first asked to.
func (p *loose) Deflated() Block {
	p.once.Do(func() { p.block = Deflate(p.Joined()) })
	return p.block
}

// Join appends the objects with commas between.
func Join(dst []byte, objects []Object) []byte {
	for i, o := range objects {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, o.raw...)
	}
	return dst
}
