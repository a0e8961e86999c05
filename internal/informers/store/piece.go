package store

import (
	"sync"

	"github.com/k8cache/k8cache/internal/serialize"
)

// piece is a selection of one leaf's objects: those from one position up to
// another, or only the picks if there are any. It is never empty.
type piece struct {
	leaf     *leaf
	from, to int
	picks    []int
}

// wholeOf is all of a leaf.
func wholeOf(l *leaf) piece { return piece{leaf: l, to: len(l.refs)} }

// appendPiece appends next, to the last piece if that is of the same leaf.
func appendPiece(pieces []piece, next piece) []piece {
	if len(pieces) == 0 || pieces[len(pieces)-1].leaf != next.leaf {
		return append(pieces, next)
	}
	last := &pieces[len(pieces)-1]
	if last.picks == nil && next.picks == nil && last.to == next.from {
		last.to = next.to
		return pieces
	}
	picks := make([]int, 0, last.len()+next.len())
	for i := range last.len() {
		picks = append(picks, last.at(i))
	}
	for i := range next.len() {
		picks = append(picks, next.at(i))
	}
	last.picks = picks
	return pieces
}

// len is the number of objects.
func (p piece) len() int {
	if p.picks != nil {
		return len(p.picks)
	}
	return p.to - p.from
}

// at is the position in the leaf of object i of the piece.
func (p piece) at(i int) int {
	if p.picks != nil {
		return p.picks[i]
	}
	return p.from + i
}

// ref is object i without its bytes.
func (p piece) ref(i int) serialize.Ref { return p.leaf.refs[p.at(i)] }

// last is the highest key.
func (p piece) last() string { return p.ref(p.len() - 1).Key() }

// after are the piece's objects whose keys are greater than key; there are
// some.
func (p piece) after(key string) piece {
	i := 0
	for p.ref(i).Key() <= key {
		i++
	}
	return p.slice(i, p.len())
}

// slice is the piece's objects from number from up to number to.
func (p piece) slice(from, to int) piece {
	if p.picks != nil {
		p.picks = p.picks[from:to]
		return p
	}
	p.from, p.to = p.from+from, p.from+to
	return p
}

// whole says whether the piece is all of its leaf.
func (p piece) whole() bool { return p.len() == len(p.leaf.refs) }

// objects are the piece's objects.
func (p piece) objects() []serialize.Object {
	bodies := p.leaf.open(p.at(p.len()-1) + 1).bodies
	objects := make([]serialize.Object, p.len())
	for i := range objects {
		at := p.at(i)
		objects[i] = p.leaf.refs[at].Object(bodies[at])
	}
	return objects
}

// part is the piece as a run of list items.
func (p piece) part(slim bool) serialize.Part {
	if p.whole() && !slim {
		return p.leaf
	}
	c := &cut{piece: p, slim: slim, size: int64(p.len() - 1)}
	for i := range p.len() {
		if slim {
			c.size += int64(p.ref(i).SlimSize())
		} else {
			c.size += int64(p.ref(i).Size())
		}
	}
	return c
}

// cut is a part that is not a leaf as it stands.
type cut struct {
	piece
	slim  bool
	size  int64
	once  sync.Once
	block serialize.Block
}

var (
	_ serialize.Part   = (*cut)(nil)
	_ serialize.Keeper = (*cut)(nil)
)

// Len is the number of objects.
func (c *cut) Len() int { return c.len() }

// JoinedSize is the length of Joined.
func (c *cut) JoinedSize() int64 { return c.size }

// Joined are the objects with commas between.
func (c *cut) Joined(room []byte) []byte {
	objects := c.objects()
	if !c.slim {
		return serialize.Items(objects).Joined(room)
	}
	if int64(cap(room)) < c.size {
		room = make([]byte, 0, c.size)
	}
	room = room[:0]
	for i, o := range objects {
		if i > 0 {
			room = append(room, ',')
		}
		room = o.AppendSlim(room)
	}
	return room
}

// Deflated deflates the objects when first asked to. What is made of a whole
// leaf is kept with it.
func (c *cut) Deflated() serialize.Block {
	c.once.Do(func() {
		if c.slim {
			c.block, _ = c.Keep(serialize.Form{}, func() (serialize.Block, error) { return serialize.DeflateSlim(c.objects()), nil })
		} else {
			c.block = serialize.DeflateObjects(c.objects())
		}
	})
	return c.block
}

// Keep returns the block of a form, kept with the leaf where it is all of it.
func (c *cut) Keep(form serialize.Form, deflate func() (serialize.Block, error)) (serialize.Block, error) {
	if !c.whole() {
		return deflate()
	}
	form.Slim = c.slim
	return c.leaf.Keep(form, deflate)
}
