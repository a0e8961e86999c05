package store

import (
	"sync"
	"sync/atomic"

	"github.com/k8cache/k8cache/internal/serialize"
)

// parcel is a run of objects whose bytes are at hand, deflated, or both:
//
//	at hand ──deflated──► both ──pack──► packed
//	                       ▲               │
//	                       └────unpack─────┘
//
// What it holds never changes, only how. There is always one of the two forms:
// bytes are dropped only once the block is there, so whoever finds no bytes
// finds a block.
type parcel struct {
	packer *Packer
	refs   []serialize.Ref
	size   int64 // of the items joined

	computing sync.Mutex // held by the one who makes a form
	raw       atomic.Pointer[raw]
	block     atomic.Pointer[serialize.Block]
	touched   atomic.Uint64 // the packer's round of the last use
	stale     atomic.Bool   // no longer in the current snapshot
}

// raw are the bytes of a parcel's objects, each by itself, and also joined if
// they are parts of one piece of memory.
type raw struct {
	bodies [][]byte
	joined []byte
}

// init makes p the parcel of objects. Their bytes become its own.
func (p *parcel) init(packer *Packer, objects []serialize.Object) {
	bodies := make([][]byte, len(objects))
	p.packer, p.refs = packer, make([]serialize.Ref, len(objects))
	for i, o := range objects {
		bodies[i], p.refs[i] = o.Bytes(), o.Ref
	}
	p.size = joinedSize(p.refs)
	p.raw.Store(&raw{bodies: bodies})
	p.touch()
}

// initPacked makes p the parcel of refs whose bytes, joined, make block.
func (p *parcel) initPacked(packer *Packer, refs []serialize.Ref, block serialize.Block) {
	p.packer, p.refs, p.size = packer, serialize.Compact(refs), block.Size
	p.block.Store(&block)
}

// joinedSize is the size of the objects with commas between.
func joinedSize(refs []serialize.Ref) int64 {
	size := int64(max(0, len(refs)-1))
	for _, r := range refs {
		size += int64(r.Size())
	}
	return size
}

// touch notes that the parcel is in use.
func (p *parcel) touch() {
	if now := p.packer.round.Load(); p.touched.Load() != now {
		p.touched.Store(now)
	}
}

// open returns the bytes of the parcel's first n objects at least. All stay at
// hand if the packer has room; if it has none, those n are unpacked for this
// caller alone.
func (p *parcel) open(n int) *raw {
	p.touch()
	if r := p.raw.Load(); r != nil {
		return r
	}
	if p.stale.Load() || !p.packer.admit(p.size) {
		return p.unpack(n)
	}
	p.computing.Lock()
	defer p.computing.Unlock()
	if r := p.raw.Load(); r != nil {
		p.packer.release(p.size)
		return r
	}
	r := p.unpack(len(p.refs))
	p.raw.Store(r)
	return r
}

// unpack inflates the block as far as the first n objects reach.
func (p *parcel) unpack(n int) *raw {
	refs := p.refs[:n]
	joined := p.block.Load().InflateTo(joinedSize(refs), nil)
	return &raw{bodies: split(make([][]byte, 0, n), joined, refs), joined: joined}
}

// split cuts joined objects apart and appends them.
func split(bodies [][]byte, joined []byte, refs []serialize.Ref) [][]byte {
	at := 0
	for _, ref := range refs {
		bodies = append(bodies, joined[at:at+ref.Size():at+ref.Size()])
		at += ref.Size() + 1
	}
	return bodies
}

// objects are the parcel's objects.
func (p *parcel) objects() []serialize.Object {
	r := p.open(len(p.refs))
	objects := make([]serialize.Object, len(p.refs))
	for i, ref := range p.refs {
		objects[i] = ref.Object(r.bodies[i])
	}
	return objects
}

// object is one of them.
func (p *parcel) object(i int) serialize.Object { return p.refs[i].Object(p.open(i + 1).bodies[i]) }

// Len is the number of objects.
func (p *parcel) Len() int { return len(p.refs) }

// JoinedSize is the size of the objects with commas between.
func (p *parcel) JoinedSize() int64 { return p.size }

// Joined are the objects with commas between. A packed parcel is unpacked into
// room and stays packed: one read of all must not push out what is in use.
func (p *parcel) Joined(room []byte) []byte {
	p.touch()
	r := p.raw.Load()
	switch {
	case r == nil:
		return p.block.Load().Inflate(room)
	case r.joined == nil:
		return serialize.Items(p.objects()).Joined(room)
	}
	return r.joined
}

// Deflated is the parcel's block, made when first asked for.
func (p *parcel) Deflated() serialize.Block {
	if block := p.block.Load(); block != nil {
		return *block
	}
	p.computing.Lock()
	defer p.computing.Unlock()
	if block := p.block.Load(); block != nil {
		return *block
	}
	block := serialize.DeflateObjects(p.objects())
	p.block.Store(&block)
	return block
}

// pack drops the bytes, with the block made first, and returns how many.
func (p *parcel) pack() int64 {
	p.Deflated()
	p.computing.Lock()
	defer p.computing.Unlock()
	if p.raw.Swap(nil) == nil {
		return 0
	}
	return p.size
}
