package query

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

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
