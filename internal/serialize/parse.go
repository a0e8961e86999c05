package serialize

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// maxSize bounds one object. An API server refuses more than a few megabytes,
// and a Ref has no room for positions beyond this.
const maxSize = 1 << 30

// whitespace is what may stand between the tokens of JSON.
const whitespace = " \t\r\n"

// ErrInvalid is what Parse returns, wrapped with the reason, for bytes that
// are no Kubernetes object. The reason never quotes the bytes.
var ErrInvalid = errors.New("not a Kubernetes object")

// Parse reads one complete JSON object in the form of a get, of a watch event
// or of a list item. It takes ownership of raw and may write to it; raw should
// not be part of a larger buffer, which it would keep alive.
//
// Built-in kinds begin with kind and apiVersion outside lists and have neither
// inside: Parse cuts the two off. Custom resources have them everywhere.
func Parse(raw []byte) (Object, error) { return parse(raw, nil) }

// Parse is the function Parse for objects that must be of this kind, as far as
// they say what they are.
func (k Kind) Parse(raw []byte) (Object, error) { return parse(raw, &k) }

// parse is Parse, for any kind where want is nil.
func parse(raw []byte, want *Kind) (Object, error) {
	if len(raw) > maxSize {
		return Object{}, fmt.Errorf("%w: too large", ErrInvalid)
	}
	if !utf8.Valid(raw) {
		return Object{}, fmt.Errorf("%w: invalid UTF-8", ErrInvalid)
	}
	p := parser{raw: bytes.Trim(raw, whitespace), want: want}
	if err := p.parse(); err != nil {
		return Object{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return p.object()
}

// parser finds in one pass what a Ref holds.
type parser struct {
	raw       []byte
	want      *Kind
	nest      nest
	cut       int // where the list form starts, once a comma is overwritten
	seen      uint8
	first     string
	namespace string
	name      string
	version   uint64
	versionAt int

	managedFrom, managedTo int
}

// The members that may stand only once. Decoders disagree on which of two
// counts, so a second one could show two readers two objects.
const (
	seenKind = 1 << iota
	seenAPIVersion
	seenMetadata
	seenNamespace
	seenName
	seenVersion
	seenManaged
)

var (
	errSyntax    = errors.New("invalid JSON")
	errDuplicate = errors.New("duplicate member")
)

// parse reads the object from its first byte to its last.
func (p *parser) parse() error {
	if len(p.raw) == 0 || p.raw[0] != '{' {
		return errSyntax
	}
	end, err := p.members(0, p.topMember)
	if err != nil {
		return err
	}
	if end != len(p.raw) {
		return errSyntax
	}
	if p.name == "" || p.seen&seenVersion == 0 {
		return errors.New("no metadata.name or metadata.resourceVersion")
	}
	return nil
}

// object is what was found, in list-item form.
func (p *parser) object() (Object, error) {
	raw := p.raw
	if p.cut > 0 {
		raw = raw[p.cut:]
		raw[0] = '{'
	}
	o := Object{raw: slices.Clip(raw)}
	o.key = p.name
	if p.namespace != "" {
		o.key = p.namespace + "/" + p.name
	}
	o.namespace = narrow16(len(p.namespace))
	o.version, o.versionAt = p.version, narrow(p.versionAt-p.cut)
	if p.seen&seenManaged != 0 {
		o.managed = span{from: narrow(p.managedFrom - p.cut), to: narrow(p.managedTo - p.cut)}
	}
	return o.measured(), nil
}
