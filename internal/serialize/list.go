package serialize

import (
	"io"
	"iter"
	"slices"
	"strconv"
)

// List is a list response: an envelope around parts.
type List struct {
	Kind            Kind
	ResourceVersion string
	// Continue is the token of the next page, empty on the last.
	Continue string
	// RemainingItemCount is left out where nil.
	RemainingItemCount *int64
	// Parts are the items. Every iteration must yield the same parts, and
	// they should be the same instances: what a part has derived is kept in it.
	Parts iter.Seq[Part]

	text Text
}

// Size is the number of bytes that WriteTo writes.
func (l List) Size() int64 {
	head, comma, tail := l.envelope()
	size := int64(len(head) + len(tail))
	for part := range l.parts() {
		size += part.JoinedSize() + int64(len(comma))
	}
	return size - l.lastComma()*int64(len(comma))
}

// WriteTo writes the list as the API server does.
func (l List) WriteTo(w io.Writer) (int64, error) {
	out := writer{to: w}
	head, comma, tail := l.envelope()
	out.write(head)
	var room []byte
	first := true
	for part := range l.parts() {
		if !first {
			out.write(comma)
		}
		first = false
		if int64(cap(room)) < part.JoinedSize() {
			room = make([]byte, 0, part.JoinedSize())
		}
		if out.write(part.Joined(room)); out.err != nil {
			break
		}
	}
	out.write(tail)
	return out.n, out.err
}

// envelope is what stands before, between and after the parts. A list without
// parts is all head.
func (l List) envelope() (head, comma, tail []byte) {
	before, after := l.head(), l.tail()
	switch {
	case l.lastComma() == 1:
		return l.text.envelope(slices.Concat(before, []byte("[0]"), after))
	case l.Kind.table != nil:
		head, _ = l.text.Document(slices.Concat(before, []byte(l.Kind.table.NoRows), after))
	case l.Kind.Metadata: // a slice that nothing was appended to
		head, _ = l.text.Document(slices.Concat(before, []byte("null"), after))
	default:
		head, _ = l.text.Document(slices.Concat(before, []byte("[]"), after))
	}
	return head, nil, nil
}

// head is the envelope before the items.
func (l List) head() []byte {
	if l.Kind.Sorted() {
		head := append([]byte(`{"apiVersion":`), appendString(nil, l.Kind.APIVersion)...)
		return append(head, `,"items":`...)
	}
	head := append([]byte(`{"kind":`), appendString(nil, l.Kind.ListKind)...)
	head = append(head, `,"apiVersion":`...)
	head = appendString(head, l.Kind.APIVersion)
	head = append(head, `,"metadata":{"resourceVersion":`...)
	head = appendString(head, l.ResourceVersion)
	if l.Continue != "" {
		head = append(head, `,"continue":`...)
		head = appendString(head, l.Continue)
	}
	head = append(l.appendRemaining(head), '}')
	if t := l.Kind.table; t != nil {
		head = append(append(head, `,"columnDefinitions":`...), t.Columns...)
		return append(head, `,"rows":`...)
	}
	return append(head, `,"items":`...)
}

// tail is the envelope after the items.
func (l List) tail() []byte {
	if !l.Kind.Sorted() {
		return []byte("}")
	}
	tail := append([]byte(`,"kind":`), appendString(nil, l.Kind.ListKind)...)
	tail = append(tail, `,"metadata":{"continue":`...)
	tail = appendString(tail, l.Continue)
	tail = l.appendRemaining(tail)
	tail = append(tail, `,"resourceVersion":`...)
	tail = appendString(tail, l.ResourceVersion)
	return append(tail, "}}"...)
}

// appendRemaining appends remainingItemCount where there is one.
func (l List) appendRemaining(dst []byte) []byte {
	if l.RemainingItemCount == nil {
		return dst
	}
	dst = append(dst, `,"remainingItemCount":`...)
	return strconv.AppendInt(dst, *l.RemainingItemCount, 10)
}

// parts are the parts that have items.
func (l List) parts() iter.Seq[Part] {
	return func(yield func(Part) bool) {
		if l.Parts == nil {
			return
		}
		for part := range l.Parts {
			if part.Len() > 0 && !yield(part) {
				return
			}
		}
	}
}

// lastComma is 1 if there are parts: one comma fewer than parts is written.
func (l List) lastComma() int64 {
	for range l.parts() {
		return 1
	}
	return 0
}

// writer counts what it writes and stops at the first error.
type writer struct {
	to  io.Writer
	n   int64
	err error
}

// write writes b unless an earlier write failed.
func (w *writer) write(b []byte) {
	if w.err != nil {
		return
	}
	n, err := w.to.Write(b)
	w.n += int64(n)
	w.err = err
}
