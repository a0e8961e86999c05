package query

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	// maxPath bounds a path in bytes: a label's key may have 317.
	maxPath = 512
	// maxSteps bounds its steps.
	maxSteps = 24
)

// Path is the way to a value in an object, as in
//
//	metadata.labels.app
//	metadata.labels['app.kubernetes.io/name']   or   metadata.labels.app\.kubernetes\.io/name
//	status.containerStatuses[0].restartCount
//	status.containerStatuses[*].ready           any element
//
// It is kubectl's JSONPath without braces and functions. A dot before the first
// name is allowed, as kubectl writes it.
type Path struct {
	steps []step
	text  string // one for all ways to write the path
}

// step goes from a value to one inside.
type step struct {
	kind  stepKind
	name  string
	index int
}

type stepKind int

const (
	toMember stepKind = iota
	toElement
	toEvery
)

// String is the path in the one form that equal paths have in common.
func (p Path) String() string { return p.text }

// Wild says whether the path may lead to several values.
func (p Path) Wild() bool {
	for _, s := range p.steps {
		if s.kind == toEvery {
			return true
		}
	}
	return false
}

// ParsePath reads one path. The error says where it is wrong.
func ParsePath(text string) (Path, error) {
	r := &pathReader{text: text}
	p, err := r.path("")
	if err == nil && r.at < len(text) {
		err = r.wrong("a dot or a bracket must follow")
	}
	return p, err
}

// pathReader reads paths one after the other.
type pathReader struct {
	text string
	at   int
}

// wrong says what should stand at the reader's place, counted in characters.
func (r *pathReader) wrong(what string) error {
	return fmt.Errorf("at character %d: %s", utf8.RuneCountInString(r.text[:r.at])+1, what)
}

// path reads up to the end or to one of the separators.
func (r *pathReader) path(separators string) (Path, error) {
	var p Path
	begin := r.at
	r.skip('.')
	for first := true; ; first = false {
		s, more, err := r.step(first, separators)
		if err != nil {
			return p, err
		}
		if !more {
			p.text = canonical(p.steps)
			return p, nil
		}
		if p.steps = append(p.steps, s); len(p.steps) > maxSteps {
			return p, r.wrong(fmt.Sprintf("a path has at most %d steps", maxSteps))
		}
		if r.at-begin > maxPath {
			return p, r.wrong(fmt.Sprintf("a path has at most %d bytes", maxPath))
		}
	}
}

// skip passes a byte if it is the next one.
func (r *pathReader) skip(c byte) bool {
	if r.at < len(r.text) && r.text[r.at] == c {
		r.at++
		return true
	}
	return false
}

// step reads the next step; more is false where the path ends.
func (r *pathReader) step(first bool, separators string) (s step, more bool, err error) {
	switch {
	case r.at == len(r.text) || strings.IndexByte(separators, r.text[r.at]) >= 0:
		if first {
			return s, false, r.wrong("a field path must stand here")
		}
		return s, false, nil
	case r.skip('['):
		s, err = r.bracket()
		return s, true, err
	case !first && !r.skip('.'):
		return s, false, r.wrong("a dot or a bracket must follow")
	}
	s.name, err = r.name(separators)
	return s, true, err
}

// special are the characters that a name has only in quotes or after a
// backslash.
const special = `.[]'"\*,{}()`

// name reads a plain name.
func (r *pathReader) name(separators string) (string, error) {
	var name strings.Builder
	for r.at < len(r.text) {
		c, size := utf8.DecodeRuneInString(r.text[r.at:])
		switch {
		case c == '\\':
			if err := r.escaped(&name); err != nil {
				return "", err
			}
			continue
		case c == '.', c == '[', strings.ContainsRune(separators, c):
			return r.named(name.String())
		case c == utf8.RuneError, c <= ' ', c == 0x7f, strings.ContainsRune(special, c):
			return "", r.wrong(fmt.Sprintf("%q in a name needs quotes, as in ['a.b'], or a backslash", c))
		}
		name.WriteRune(c)
		r.at += size
	}
	return r.named(name.String())
}

func (r *pathReader) named(name string) (string, error) {
	if name == "" {
		return "", r.wrong("a name must stand here")
	}
	return name, nil
}

// escaped reads a backslash and the character after it.
func (r *pathReader) escaped(to *strings.Builder) error {
	c, size := utf8.DecodeRuneInString(r.text[r.at+1:])
	if size == 0 || c == utf8.RuneError {
		return r.wrong("a character must follow the backslash")
	}
	to.WriteRune(c)
	r.at += 1 + size
	return nil
}

var errBracket = errors.New("a number, * or a name in quotes must stand between brackets")

// bracket reads what follows an opening bracket.
func (r *pathReader) bracket() (s step, err error) {
	begin := r.at
	switch {
	case r.skip('*'):
		s.kind = toEvery
	case r.skip('\''):
		s.name, err = r.quoted('\'')
	case r.skip('"'):
		s.name, err = r.quoted('"')
	default:
		for r.at < len(r.text) && r.text[r.at] >= '0' && r.text[r.at] <= '9' {
			r.at++
		}
		s.kind = toElement
		if s.index, err = strconv.Atoi(r.text[begin:r.at]); err != nil {
			err = r.wrong(errBracket.Error())
		}
	}
	if err == nil && !r.skip(']') {
		err = r.wrong("a closing bracket must stand here")
	}
	return s, err
}

// quoted reads a name up to the closing quote.
func (r *pathReader) quoted(quote byte) (string, error) {
	var name strings.Builder
	for r.at < len(r.text) {
		switch c, size := utf8.DecodeRuneInString(r.text[r.at:]); {
		case r.skip(quote):
			return r.named(name.String())
		case c == '\\':
			if err := r.escaped(&name); err != nil {
				return "", err
			}
		case c == utf8.RuneError:
			return "", r.wrong("not UTF-8")
		default:
			name.WriteRune(c)
			r.at += size
		}
	}
	return "", r.wrong("the closing quote is missing")
}

// canonical is the text of steps, from which they can be read again.
func canonical(steps []step) string {
	var text strings.Builder
	for i, s := range steps {
		switch s.kind {
		case toElement:
			fmt.Fprintf(&text, "[%d]", s.index)
		case toEvery:
			text.WriteString("[*]")
		case toMember:
			if i > 0 {
				text.WriteByte('.')
			}
			writeName(&text, s.name)
		}
	}
	return text.String()
}

// writeName writes a name with backslashes where it needs them.
func writeName(text *strings.Builder, name string) {
	for _, c := range name {
		if c <= ' ' || c == 0x7f || strings.ContainsRune(special, c) {
			text.WriteByte('\\')
		}
		text.WriteRune(c)
	}
}

// is says whether the path is that of these members.
func (p Path) is(names ...string) bool {
	if len(p.steps) != len(names) {
		return false
	}
	for i, s := range p.steps {
		if s.kind != toMember || s.name != names[i] {
			return false
		}
	}
	return true
}
