package serialize

import (
	"bytes"
	"hash/crc32"
	"io"
	"sync"

	"github.com/klauspost/compress/flate"
)

// level is the deflate level of blocks.
const level = 3

// Block is a run of whole deflate blocks, none of them the last of a stream,
// that ends on a byte and refers to nothing before itself. Blocks can be put
// one after the other in any order.
type Block struct {
	// Data is the deflate data.
	Data []byte
	// CRC is the CRC-32 of what was deflated, as gzip computes it.
	CRC uint32
	// Size is how much was deflated.
	Size int64
	// shift moves a CRC on by Size bytes.
	shift uint32
}

// deflater is a compressor with the buffer that it writes to.
type deflater struct {
	out bytes.Buffer
	fw  *flate.Writer
}

// deflaters are compressors at rest. One holds about a megabyte of tables, so
// they are worth sharing across the whole process.
var deflaters = sync.Pool{New: newDeflater} //nolint:gochecknoglobals // a pool has no state that anyone could observe

// newDeflater is called where no compressor is at rest.
func newDeflater() any {
	d := new(deflater)
	d.fw, _ = flate.NewWriter(&d.out, level) // fails on an unknown level only
	return d
}

// Deflate makes a block of b.
func Deflate(b []byte) Block {
	d := deflaters.Get().(*deflater)
	defer deflaters.Put(d)
	d.out.Reset()
	d.fw.Reset(&d.out)
	_, _ = d.fw.Write(b) // a bytes.Buffer takes all
	_ = d.fw.Flush()
	size := int64(len(b))
	return Block{Data: bytes.Clone(d.out.Bytes()), CRC: crc32.ChecksumIEEE(b), Size: size, shift: power(size)}
}

// Inflate appends what block was made of.
func Inflate(dst []byte, block Block) ([]byte, error) {
	fr := flate.NewReader(bytes.NewReader(block.Data))
	start := len(dst)
	dst = append(dst, make([]byte, block.Size)...)
	_, err := io.ReadFull(fr, dst[start:])
	return dst, err
}
