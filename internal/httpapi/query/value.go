package query

import (
	"encoding/binary"
	"strings"
	"time"
)

// value is a JSON value in a form whose bytes compare as values do:
//
//	numbers and quantities  <  times  <  false  <  true  <  texts  <  lists and objects
//
// Numbers and quantities are compared by amount: 100m < 0.5 < 1 < 2Ki. Times are
// compared as moments. Texts, lists and objects are compared bytewise, as they
// stand in the JSON. The empty value is that of what is missing or null, which
// comes last in either direction.
//
// What a text is depends on itself alone: it is a time if it reads as one of
// RFC 3339, and a quantity if it reads as one (number, parseQuantity) and is not
// the name of something (Path.names).
type value string

// Kinds of values, in their order.
const (
	kindNumber = '\x10'
	kindTime   = '\x20'
	kindBool   = '\x30'
	kindText   = '\x40'
	kindOther  = '\x50'
)

// nothing is the value of what is not there.
const nothing value = ""

// compare orders values; nothing is always last.
func (v value) compare(other value, descending bool) int {
	switch {
	case v == other:
		return 0
	case v == nothing:
		return 1
	case other == nothing:
		return -1
	case descending:
		return strings.Compare(string(other), string(v))
	}
	return strings.Compare(string(v), string(other))
}

// names says whether what the path leads to names something, and is a text
// whatever it looks like.
func (p Path) names() bool {
	return p.is("metadata", "name") || p.is("metadata", "namespace") || p.is("metadata", "uid")
}

// appendValue appends the value of raw JSON.
func appendValue(dst, raw []byte, isName bool) []byte {
	if isNothing(raw) {
		return dst
	}
	switch raw[0] {
	case '"':
		return appendText(dst, unquote(raw), isName)
	case 't':
		return append(dst, kindBool, 1)
	case 'f':
		return append(dst, kindBool, 0)
	case '{', '[':
		return append(append(dst, kindOther), raw...)
	}
	if d, ok := parseNumber(string(raw)); ok {
		return d.append(append(dst, kindNumber))
	}
	return append(append(dst, kindOther), raw...)
}

// appendText appends the value of a text.
func appendText(dst []byte, text string, isName bool) []byte {
	if !isName {
		if moment, ok := parseTime(text); ok {
			const bias = 1 << 63                                                                   // keeps the order of seconds before 1970
			dst = binary.BigEndian.AppendUint64(append(dst, kindTime), uint64(moment.Unix())^bias) //nolint:gosec // the bits are meant
			return binary.BigEndian.AppendUint32(dst, uint32(moment.Nanosecond()))                 //nolint:gosec // below 10⁹
		}
		if d, ok := parseQuantity(text); ok {
			return d.append(append(dst, kindNumber))
		}
	}
	return append(append(dst, kindText), text...)
}

// parseTime reads a time of RFC 3339.
func parseTime(text string) (time.Time, bool) {
	if len(text) < len("2006-01-02T15:04:05Z") || text[4] != '-' || text[10] != 'T' {
		return time.Time{}, false
	}
	moment, err := time.Parse(time.RFC3339Nano, text)
	return moment, err == nil
}
