package serialize

import (
	"bytes"
	"hash/crc32"
	"sync"

	"github.com/klauspost/compress/flate"
)

// level is the deflate level of blocks. On pods in runs of 128 KiB, one core:
//
//	level   ratio   MB/s
//	    1    16.2    500
//	    2    22.1    450
//	    3    23.4    490
//	    5    25.6    300
//	    6    26.3    230
//	    9    26.8    150
const level = 3

// deflater is a compressor with the buffer that it writes to.
type deflater struct {
	out  bytes.Buffer
	fw   *flate.Writer
	crc  uint32
	size int64
}

// deflaters are compressors at rest. One holds about a megabyte of tables, so
// they are shared across the whole process.
var deflaters = sync.Pool{New: newDeflater} //nolint:gochecknoglobals // nothing can be observed of a pool

// newDeflater is called where no compressor is at rest.
func newDeflater() any {
	d := new(deflater)
	d.fw, _ = flate.NewWriter(&d.out, level) // fails on an unknown level only
	return d
}

// DeflateObjects deflates the objects, joined by commas.
func DeflateObjects(objects []Object) Block {
	d := startDeflate()
	for i, o := range objects {
		d.separate(i)
		d.write(o.raw)
	}
	return d.finish()
}

// DeflateSlim deflates the objects without their managedFields, joined by
// commas.
func DeflateSlim(objects []Object) Block {
	d := startDeflate()
	for i, o := range objects {
		d.separate(i)
		d.write(o.raw[:o.managed.from])
		d.write(o.raw[o.managed.to:])
	}
	return d.finish()
}

// Deflate deflates items that are joined already.
func Deflate(joined []byte) Block {
	d := startDeflate()
	d.write(joined)
	return d.finish()
}

// startDeflate takes a compressor to work with until finish.
func startDeflate() *deflater {
	d := deflaters.Get().(*deflater)
	d.out.Reset()
	d.fw.Reset(&d.out)
	d.crc, d.size = 0, 0
	return d
}

// separate writes the comma before item i.
func (d *deflater) separate(i int) {
	if i > 0 {
		d.write([]byte(","))
	}
}

// write deflates b. Writing to a bytes.Buffer cannot fail.
func (d *deflater) write(b []byte) {
	_, _ = d.fw.Write(b)
	d.crc = crc32.Update(d.crc, crc32.IEEETable, b)
	d.size += int64(len(b))
}

// finish ends the block on a byte and puts the compressor to rest.
func (d *deflater) finish() Block {
	_ = d.fw.Flush()
	block := Block{Data: bytes.Clone(d.out.Bytes()), CRC: d.crc, Size: d.size, shift: power(d.size)}
	deflaters.Put(d)
	return block
}
