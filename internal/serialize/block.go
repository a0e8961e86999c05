package serialize

import (
	"encoding/binary"
	"hash/crc32"
	"math"
)

// Block is a run of whole deflate blocks that ends on a byte and refers to
// nothing before itself, so that blocks can be put one after the other in any
// order.
type Block struct {
	// Data is the deflate data.
	Data []byte
	// CRC is the CRC-32 of what was deflated, as gzip computes it.
	CRC uint32
	// Size is how much was deflated.
	Size int64
	// shift moves a CRC on by Size bytes, see combine.
	shift uint32
}

// stored is b in deflate's stored form, for what is too short to deflate.
// With final it ends the stream.
func stored(b []byte, final bool) Block {
	block := Block{CRC: crc32.ChecksumIEEE(b), Size: int64(len(b)), shift: power(int64(len(b)))}
	for {
		n := min(len(b), math.MaxUint16)
		head := byte(0)
		if final && n == len(b) {
			head = 1
		}
		block.Data = append(block.Data, head)
		block.Data = binary.LittleEndian.AppendUint16(block.Data, uint16(n))
		block.Data = binary.LittleEndian.AppendUint16(block.Data, ^uint16(n))
		block.Data = append(block.Data, b[:n]...)
		if b = b[n:]; len(b) == 0 {
			return block
		}
	}
}
