package httpapi

import (
	"io"
	"sync"

	"github.com/klauspost/compress/gzip"
)

// zipBuffer is how much of a compressed stream is gathered: more than of others, because it is compressed by itself.
const zipBuffer = 64 << 10

// zipper writes a stream as an API server compresses one: each piece is gzip of its own, so that a client can read it when
// it comes. Between pieces a stream keeps nothing for compressing, which takes a quarter of a megabyte.
type zipper struct {
	to   io.Writer
	idle *sync.Pool // of *gzip.Writer
}

func newZippers() *sync.Pool {
	return &sync.Pool{New: func() any {
		zip, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // it fails for levels that are none
		return zip
	}}
}

func (z zipper) Write(p []byte) (int, error) {
	zip, _ := z.idle.Get().(*gzip.Writer)
	defer z.idle.Put(zip)
	zip.Reset(z.to)
	n, err := zip.Write(p)
	if err == nil {
		err = zip.Flush() // or a reader would wait for the next piece to know whether this one has ended
	}
	if err == nil {
		err = zip.Close()
	}
	return n, err
}
