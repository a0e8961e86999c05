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
	dst, any := f.mask.cut(dst, object)
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

// cut appends what the mask leaves of a value; any is false where that is
// nothing, and then nothing is appended.
func (m *mask) cut(dst, value []byte) (out []byte, any bool) {
	switch {
	case m.whole:
		return append(dst, value...), true
	case len(value) > 0 && value[0] == '{':
		return m.cutObject(dst, value)
	case len(value) > 0 && value[0] == '[' && m.every != nil:
		return m.cutArray(dst, value), true
	}
	return dst, false
}

// cutObject cuts an object.
func (m *mask) cutObject(dst, object []byte) (out []byte, any bool) {
	begin := len(dst)
	dst = append(dst, '{')
	members(object, func(name, value []byte) bool {
		inside := m.keeps(name, value)
		if inside == nil {
			return true
		}
		back := len(dst)
		if any {
			dst = append(dst, ',')
		}
		dst = append(append(dst, name...), ':')
		kept := false
		if dst, kept = inside.cut(dst, value); !kept {
			dst = dst[:back]
		}
		any = any || kept
		return true
	})
	if !any {
		return dst[:begin], false
	}
	return append(dst, '}'), true
}

// keeps is the mask of a member that may be kept, or nil.
func (m *mask) keeps(name, value []byte) *mask {
	if m.short {
		if len(value) == 0 || value[0] != '"' || !isShort(name, value) {
			return nil
		}
		return &mask{whole: true}
	}
	for _, known := range m.members {
		if isName(name, known.name) {
			return known.mask
		}
	}
	return nil
}

// cutArray cuts each element. One of which nothing is left stays in its place,
// empty.
func (m *mask) cutArray(dst, array []byte) []byte {
	dst = append(dst, '[')
	first := true
	elements(array, func(value []byte) bool {
		if !first {
			dst = append(dst, ',')
		}
		first = false
		var any bool
		if dst, any = m.every.cut(dst, value); !any {
			dst = append(dst, empty(value)...)
		}
		return true
	})
	return append(dst, ']')
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
