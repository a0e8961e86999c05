package serialize

import (
	"bytes"
	"io"
	"sync"

	"github.com/klauspost/compress/flate"
)

// inflater is a decompressor with the reader that it reads from.
type inflater struct {
	in bytes.Reader
	fr io.ReadCloser
}

// inflaters are decompressors at rest, of about 50 kB each.
var inflaters = sync.Pool{New: newInflater} //nolint:gochecknoglobals // nothing can be observed of a pool

// newInflater is called where no decompressor is at rest.
func newInflater() any {
	i := new(inflater)
	i.fr = flate.NewReader(&i.in)
	return i
}

// Inflate returns what the block was made of, in room if that has the
// capacity.
func (b Block) Inflate(room []byte) []byte { return b.InflateTo(b.Size, room) }

// InflateTo is the first n bytes of Inflate.
//
// It panics if the block is none: blocks never leave the process between
// Deflate and here, so it is memory that is broken, and there is no answer
// that could be right.
func (b Block) InflateTo(n int64, room []byte) []byte {
	if int64(cap(room)) < n {
		room = make([]byte, n)
	}
	room = room[:n]
	i := inflaters.Get().(*inflater)
	defer inflaters.Put(i)
	i.in.Reset(b.Data)
	err := i.fr.(flate.Resetter).Reset(&i.in, nil)
	if err == nil {
		_, err = io.ReadFull(i.fr, room)
	}
	if err != nil {
		panic("serialize: block in memory is broken: " + err.Error())
	}
	return room
}
