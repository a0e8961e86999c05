package query

import (
	"bytes"
	"encoding/json"
)

// The functions here read JSON that is known to be valid: serialize.Parse has
// looked at every byte of an object. On anything else they end, with some
// result, and never panic (see FuzzScan).

// skipSpace returns the position of the first byte from i on that is no white
// space.
func skipSpace(b []byte, i int) int {
	for i < len(b) && b[i] <= ' ' {
		i++
	}
	return i
}

// skipString returns the position after the string that begins at i.
func skipString(b []byte, i int) int {
	for i++; i < len(b); {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return len(b)
		}
		i += n + 1
		slashes := 0
		for at := i - 2; at >= 0 && b[at] == '\\'; at-- {
			slashes++
		}
		if slashes%2 == 0 {
			return i
		}
	}
	return len(b)
}

// skipValue returns the position after the value that begins at i.
func skipValue(b []byte, i int) int {
	if i >= len(b) {
		return len(b)
	}
	switch b[i] {
	case '"':
		return skipString(b, i)
	case '{', '[':
		return skipContainer(b, i)
	}
	for i < len(b) && b[i] != ',' && b[i] != '}' && b[i] != ']' && b[i] > ' ' {
		i++
	}
	return i
}

// skipContainer returns the position after the object or array that begins at
// i.
func skipContainer(b []byte, i int) int {
	for depth := 0; i < len(b); {
		switch b[i] {
		case '"':
			i = skipString(b, i)
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
		i++
	}
	return len(b)
}

// eachMember visits the raw name, with its quotes, and the position of the value
// of each member of the object at b[i]; none where there is no object. Visit
// returns the position after the value, or stop. The result is the position
// after the object.
func eachMember(b []byte, i int, visit func(name []byte, at int) (end int)) (end int) {
	if i >= len(b) || b[i] != '{' {
		return i
	}
	for i = skipSpace(b, i+1); i < len(b) && b[i] == '"'; {
		end := skipString(b, i)
		name := b[i:end]
		i = skipSpace(b, end)
		if i >= len(b) || b[i] != ':' {
			return i
		}
		if i = visit(name, skipSpace(b, i+1)); i == stop {
			return stop
		}
		i = skipSpace(b, i)
		if i >= len(b) || b[i] != ',' {
			break
		}
		i = skipSpace(b, i+1)
	}
	return min(i+1, len(b))
}

// eachElement likewise visits the position of each element of an array.
func eachElement(b []byte, i int, visit func(at int) (end int)) (end int) {
	if i >= len(b) || b[i] != '[' {
		return i
	}
	for i = skipSpace(b, i+1); i < len(b) && b[i] != ']'; {
		if i = visit(i); i == stop {
			return stop
		}
		i = skipSpace(b, i)
		if i >= len(b) || b[i] != ',' {
			break
		}
		i = skipSpace(b, i+1)
	}
	return min(i+1, len(b))
}

// stop is what a visit returns that wants no more.
const stop = -1

// members yields the raw name and the raw value of each member of an object.
func members(object []byte, yield func(name, value []byte) bool) {
	eachMember(object, skipSpace(object, 0), func(name []byte, at int) int {
		end := skipValue(object, at)
		if !yield(name, object[at:end]) {
			return stop
		}
		return end
	})
}

// elements yields the raw value of each element of an array.
func elements(array []byte, yield func(value []byte) bool) {
	eachElement(array, skipSpace(array, 0), func(at int) int {
		end := skipValue(array, at)
		if !yield(array[at:end]) {
			return stop
		}
		return end
	})
}

// isName says whether a raw name, with its quotes, reads so.
func isName(raw []byte, name string) bool {
	if bytes.IndexByte(raw, '\\') < 0 {
		return len(raw) >= 2 && string(raw[1:len(raw)-1]) == name
	}
	return unquote(raw) == name
}

// unquote is the text of a raw string.
func unquote(raw []byte) string {
	if len(raw) < 2 {
		return ""
	}
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		return ""
	}
	return text
}

// isNothing says whether a raw value is missing or null, which mean the same.
func isNothing(raw []byte) bool { return len(raw) == 0 || raw[0] == 'n' }
