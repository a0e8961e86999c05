package serialize

// The CRC of two runs of bytes, one after the other, follows from the CRCs of
// each: the first is moved on by as many zero bytes as the second is long, and
// the two are added (exclusive or). To move a CRC on by n bytes is to multiply
// it, as a polynomial over GF(2) modulo the CRC's, with x to the power of 8n.
// That power depends on the length alone, so each block keeps its own: to join
// a block to what went before it then costs one multiplication of 32 steps.

// polynomial is that of gzip's CRC-32, lowest power in the highest bit.
const polynomial = 0xedb88320

// one is the polynomial 1 in the same order of bits.
const one = 1 << 31

// multiply is a·b modulo the polynomial.
func multiply(a, b uint32) uint32 {
	var product uint32
	for ; a != 0; a <<= 1 {
		product ^= b & -(a >> 31)
		b = b>>1 ^ polynomial&-(b&1)
	}
	return product
}

// power is x to the power of 8·n, by squaring.
func power(n int64) uint32 {
	result := uint32(one)
	square := uint32(one >> 8)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			result = multiply(result, square)
		}
		square = multiply(square, square)
	}
	return result
}

// combine is the CRC of what has the CRC first, followed by block.
func combine(first uint32, block Block) uint32 {
	shift := block.shift
	if shift == 0 { // never so for a block made here: no power of x is zero
		shift = power(block.Size)
	}
	return multiply(first, shift) ^ block.CRC
}
