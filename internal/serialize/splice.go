package serialize

import (
	"encoding/binary"
	"io"
)

// gzipHeader says: deflate, no name, no time, unknown system.
const gzipHeader = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"

// trailerSize is that of gzip's CRC and length.
const trailerSize = 8

// GzipSize is the number of bytes that WriteGzipTo writes. It deflates what
// was not deflated yet.
func (l List) GzipSize() int64 {
	size := int64(len(gzipHeader) + trailerSize)
	before, between, after := l.envelope()
	size += int64(len(stored(before, false).Data) + len(stored(after, true).Data))
	comma := int64(len(stored(between, false).Data))
	for part := range l.parts() {
		size += int64(len(part.Deflated().Data)) + comma
	}
	return size - comma*l.lastComma()
}

// WriteGzipTo writes the list as one gzip member, spliced from the parts'
// blocks: header, head, blocks with commas between, tail, trailer.
func (l List) WriteGzipTo(w io.Writer) (int64, error) {
	s := splicer{writer: writer{to: w}}
	s.write([]byte(gzipHeader))
	before, between, after := l.envelope()
	s.splice(stored(before, false))
	comma := stored(between, false)
	first := true
	for part := range l.parts() {
		if !first {
			s.splice(comma)
		}
		first = false
		if s.splice(part.Deflated()); s.err != nil {
			break
		}
	}
	s.splice(stored(after, true))
	s.write(s.trailer())
	return s.n, s.err
}

// splicer writes blocks and keeps the CRC and the length of what they inflate
// to.
type splicer struct {
	writer
	crc  uint32
	size int64
}

// splice writes one more block.
func (s *splicer) splice(block Block) {
	s.write(block.Data)
	s.crc = combine(s.crc, block)
	s.size += block.Size
}

// trailer ends the gzip member. Its length is modulo 2³², as gzip wants it.
func (s *splicer) trailer() []byte {
	trailer := binary.LittleEndian.AppendUint32(nil, s.crc)
	return binary.LittleEndian.AppendUint32(trailer, uint32(s.size)) //nolint:gosec // modulo is what is meant
}
