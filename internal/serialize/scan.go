package serialize

import (
	"encoding/binary"
	"math/bits"
)

// bad is the position that a scan function returns for what is not JSON.
const bad = -1

// maxDepth is how deeply an object may nest. Go's decoder gives up at 10,000
// levels; eight are left to the list, table or watch event around the object,
// so that no object can make the whole of them unreadable.
const maxDepth = 10_000 - 8

// nest remembers, one bit a level, whether the containers that are open are
// objects (1) or arrays (0). A stack of bits instead of recursion bounds what
// hostile input can cost.
type nest struct {
	depth int
	bits  [(maxDepth + 63) / 64]uint64
}

// open notes a new innermost container and is false when it nests too deeply.
func (n *nest) open(object bool) bool {
	if n.depth == maxDepth {
		return false
	}
	word, bit := n.depth/64, uint64(1)<<(n.depth%64)
	n.bits[word] &^= bit
	if object {
		n.bits[word] |= bit
	}
	n.depth++
	return true
}

// inObject says whether the innermost open container is an object.
func (n *nest) inObject() bool {
	top := n.depth - 1
	return n.bits[top/64]>>(top%64)&1 == 1
}

// skipSpace returns the position of the first byte from i on that is not
// white space, or len(b). API servers write none, so that case is the one to
// be inlined.
func skipSpace(b []byte, i int) int {
	if i < len(b) && b[i] > ' ' {
		return i
	}
	return skipBlanks(b, i)
}

// skipBlanks is skipSpace where there is some.
func skipBlanks(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}

// skipValue returns the position after the JSON value that starts at or after
// i, checking all of its grammar, or bad.
func skipValue(b []byte, i int, n *nest) int {
	base := n.depth
	for {
		i = skipSpace(b, i)
		if i >= len(b) {
			return bad
		}
		var opened bool
		switch c := b[i]; c {
		case '"':
			i = skipString(b, i)
		case '{', '[':
			i, opened = openContainer(b, i, n)
		default:
			i = skipScalar(b, i)
		}
		if i != bad && !opened {
			i = closeContainers(b, i, n, base)
		}
		if i == bad || n.depth == base {
			return i
		}
	}
}

// openContainer enters the container at i and returns where its first value
// is to be looked for. An empty container is passed whole: opened is false.
func openContainer(b []byte, i int, n *nest) (next int, opened bool) {
	object := b[i] == '{'
	if !n.open(object) {
		return bad, false
	}
	i = skipSpace(b, i+1)
	if i < len(b) && b[i] == closer(object) {
		n.depth--
		return i + 1, false
	}
	if object {
		i = skipKey(b, i)
	}
	return i, i != bad
}

// closeContainers, called after a value, closes the containers down to base
// that end here and returns where the next value is to be looked for; or, with
// n.depth at base, the position after the outermost value.
func closeContainers(b []byte, i int, n *nest, base int) int {
	for n.depth > base {
		object := n.inObject()
		i = skipSpace(b, i)
		switch {
		case i >= len(b):
			return bad
		case b[i] == ',' && object:
			return skipKey(b, skipSpace(b, i+1))
		case b[i] == ',':
			return i + 1
		case b[i] != closer(object):
			return bad
		}
		n.depth--
		i++
	}
	return i
}

// closer is the byte that ends an object or an array.
func closer(object bool) byte {
	if object {
		return '}'
	}
	return ']'
}

// skipKey returns the position after the colon of the member at i, or bad.
func skipKey(b []byte, i int) int {
	if i >= len(b) || b[i] != '"' {
		return bad
	}
	if i = skipString(b, i); i == bad {
		return bad
	}
	if i = skipSpace(b, i); i >= len(b) || b[i] != ':' {
		return bad
	}
	return i + 1
}

// Masks to look at eight bytes of a string at once.
const (
	lowBits  = 0x0101010101010101
	highBits = 0x8080808080808080
)

// special has the high bit set in (at least) the first byte of w, in memory
// order, that a string scan must look at: a quote, a backslash or a control
// character. Bytes above that one may be marked wrongly.
func special(w uint64) uint64 {
	quote := w ^ lowBits*'"'
	slash := w ^ lowBits*'\\'
	return ((quote-lowBits)&^quote | (slash-lowBits)&^slash | (w-lowBits*0x20)&^w) & highBits
}

// skipString returns the position after the string whose opening quote is at
// i, or bad.
func skipString(b []byte, i int) int {
	for i++; ; {
		for i+8 <= len(b) {
			if hit := special(binary.LittleEndian.Uint64(b[i : i+8])); hit != 0 {
				i += bits.TrailingZeros64(hit) / 8
				break
			}
			i += 8
		}
		for i < len(b) && b[i] >= 0x20 && b[i] != '"' && b[i] != '\\' {
			i++
		}
		if i >= len(b) || b[i] < 0x20 {
			return bad
		}
		if b[i] == '"' {
			return i + 1
		}
		if i = skipEscape(b, i+1); i == bad {
			return bad
		}
	}
}

// skipEscape returns the position after the escape whose letter is at i, or
// bad.
func skipEscape(b []byte, i int) int {
	if i >= len(b) {
		return bad
	}
	switch b[i] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 1
	case 'u':
		return skipHex(b, i+1)
	}
	return bad
}

// skipHex returns the position after the four hex digits at i, or bad.
func skipHex(b []byte, i int) int {
	if i+4 > len(b) {
		return bad
	}
	for _, c := range b[i : i+4] {
		letter := c | 0x20
		if (c < '0' || c > '9') && (letter < 'a' || letter > 'f') {
			return bad
		}
	}
	return i + 4
}
