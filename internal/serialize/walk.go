package serialize

import "bytes"

// walker steps through the members of objects that are known to be valid.
type walker struct {
	raw  []byte
	at   int // the brace before the first member, or what is before it, the comma or brace after the last one seen, or what is after the object
	nest nest
}

// next is the next member; not ok after the last, when the walker is past the
// object.
func (w *walker) next() (name string, value []byte, ok bool) {
	if w.at >= len(w.raw) || w.at >= 0 && w.raw[w.at] == '}' {
		w.at++
		return "", nil, false
	}
	key := skipSpace(w.raw, w.at+1)
	colon := skipKey(w.raw, key)
	if colon == bad { // an object without members
		w.at = key + 1
		return "", nil, false
	}
	from := skipSpace(w.raw, colon)
	to := skipValue(w.raw, from, &w.nest)
	if to == bad {
		w.at = len(w.raw)
		return "", nil, false
	}
	w.at = skipSpace(w.raw, to)
	return memberName(w.raw[key:colon]), w.raw[from:to], true
}

// memberName is the name of a member whose key, up to the colon, is given.
func memberName(key []byte) string {
	name := key[1:bytes.LastIndexByte(key, '"')]
	return unquote(name)
}
