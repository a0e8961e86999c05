package query

import (
	"errors"
	"strings"
)

// Fields is what objects are cut down to: paths, and all that stands below
// them. The zero value cuts nothing away.
type Fields struct {
	mask *mask
	// typed is the same with the type, which custom resources have in them.
	typed *mask
	text  string
	// sketched says that the sketch has all of it.
	sketched bool
}

// errElement refuses to cut out one element: the others would change places.
var errElement = errors.New("an element cannot be cut out by its number, write [*]")

// NewFields makes fields of paths.
func NewFields(paths []Path) (Fields, error) {
	f := Fields{mask: new(mask), typed: new(mask), sketched: true}
	f.typed.member("apiVersion").whole = true
	f.typed.member("kind").whole = true
	texts := make([]string, len(paths))
	for i, p := range paths {
		for _, s := range p.steps {
			if s.kind == toElement {
				return Fields{}, errElement
			}
		}
		f.mask.add(p.steps)
		f.typed.add(p.steps)
		f.sketched = f.sketched && sketched(p)
		texts[i] = p.text
	}
	f.text = strings.Join(texts, ",")
	return f, nil
}

// Everything says that nothing is cut away.
func (f Fields) Everything() bool { return f.mask == nil }

// String is the one form that equal fields have in common.
func (f Fields) String() string { return f.text }

// Cut appends an object with only the fields, in the order in which they stand
// in it. What has none of them is an empty object.
func (f Fields) Cut(dst, object []byte) []byte {
	if f.mask == nil {
		return append(dst, object...)
	}
	dst, _, any := f.mask.cut(dst, object, skipSpace(object, 0))
	if !any {
		return append(dst, "{}"...)
	}
	return dst
}

// mask is the fields of one object or array, as a tree.
type mask struct {
	whole   bool // and all below
	members []maskMember
	every   *mask // of an array's elements
	// short keeps the members that are texts short enough to be searched.
	short bool
}

type maskMember struct {
	name string
	*mask
}

// add adds what steps lead to.
func (m *mask) add(steps []step) {
	for _, s := range steps {
		if s.kind == toMember {
			m = m.member(s.name)
			continue
		}
		if m.every == nil {
			m.every = new(mask)
		}
		m = m.every
	}
	m.whole = true
}

// member is the mask of a member, made if there is none.
func (m *mask) member(name string) *mask {
	for _, known := range m.members {
		if known.name == name {
			return known.mask
		}
	}
	made := new(mask)
	m.members = append(m.members, maskMember{name, made})
	return made
}

// cut appends what the mask leaves of the value at b[i], which it passes once,
// and returns the position after it. Kept is false where nothing is left, and
// then nothing is appended.
func (m *mask) cut(dst, b []byte, i int) (out []byte, end int, kept bool) {
	switch {
	case m.whole:
		end = skipValue(b, i)
		return append(dst, b[i:end]...), end, true
	case i < len(b) && b[i] == '{':
		return m.cutObject(dst, b, i)
	case i < len(b) && b[i] == '[' && m.every != nil:
		out, end = m.cutArray(dst, b, i)
		return out, end, true
	}
	return dst, skipValue(b, i), false
}

// cutObject cuts the object at b[i].
func (m *mask) cutObject(dst, b []byte, i int) (out []byte, end int, kept bool) {
	begin := len(dst)
	dst = append(dst, '{')
	end = eachMember(b, i, func(name []byte, at int) (end int) {
		inside := m.keeps(b, name, at)
		if inside == nil {
			return skipValue(b, at)
		}
		back, one := len(dst), false
		if kept {
			dst = append(dst, ',')
		}
		dst = append(append(dst, name...), ':')
		if dst, end, one = inside.cut(dst, b, at); !one {
			dst = dst[:back]
		}
		kept = kept || one
		return end
	})
	if !kept {
		return dst[:begin], end, false
	}
	return append(dst, '}'), end, true
}

// keeps is the mask of the member whose value is at b[i], or nil.
func (m *mask) keeps(b, name []byte, i int) *mask {
	if m.short {
		if i < len(b) && b[i] == '"' && isShort(name, b[i:skipString(b, i)]) {
			return wholeMask
		}
		return nil
	}
	for _, known := range m.members {
		if isName(name, known.name) {
			return known.mask
		}
	}
	return nil
}

// wholeMask leaves everything.
var wholeMask = &mask{whole: true} //nolint:gochecknoglobals // as good as a constant

// cutArray cuts each element of the array at b[i]. One of which nothing is left
// stays in its place, empty.
func (m *mask) cutArray(dst, b []byte, i int) (out []byte, end int) {
	dst = append(dst, '[')
	first := true
	end = eachElement(b, i, func(at int) (end int) {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		var kept bool
		if dst, end, kept = m.every.cut(dst, b, at); !kept {
			dst = append(dst, empty(b[at:])...)
		}
		return end
	})
	return append(dst, ']'), end
}

// empty is what is left of a value with nothing in it.
func empty(value []byte) string {
	switch {
	case len(value) > 0 && value[0] == '{':
		return "{}"
	case len(value) > 0 && value[0] == '[':
		return "[]"
	}
	return "null"
}
