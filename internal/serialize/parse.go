package serialize

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"
)

// ErrInvalid is what Parse returns, wrapped with the reason, for bytes that
// are no Kubernetes object. The reason never quotes the bytes.
var ErrInvalid = errors.New("not a Kubernetes object")

// Parse reads one complete JSON object in the form of a get, of a watch event
// or of a list item. It takes ownership of raw and may write to it; raw should
// not be part of a larger buffer, which it would keep alive.
//
// Built-in kinds begin with kind and apiVersion outside lists and have neither
// inside: Parse cuts the two off. Custom resources have them everywhere.
func Parse(raw []byte) (Object, error) {
	if len(raw) > math.MaxInt32 {
		return Object{}, fmt.Errorf("%w: too large", ErrInvalid)
	}
	if !utf8.Valid(raw) {
		return Object{}, fmt.Errorf("%w: invalid UTF-8", ErrInvalid)
	}
	p := parser{raw: bytes.Trim(raw, " \t\r\n")}
	if err := p.parse(); err != nil {
		return Object{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return p.object()
}

// parser finds in one pass what a Ref holds.
type parser struct {
	raw       []byte
	nest      nest
	cut       int // where the list form starts, once a comma is overwritten
	seen      uint8
	first     string
	namespace string
	name      string
	version   uint64
	versionAt int
	managed   span
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

// member is where one member of an object stands: comma is the position of
// the comma before it, or that of its key if it is the first; value that of
// its value.
type member struct {
	name              string
	index             int
	comma, key, value int
}

// members calls visit for each member of the object at i. Visit returns the
// position after the member's value. The result is that after the object.
func (p *parser) members(i int, visit func(member) (int, error)) (int, error) {
	i = skipSpace(p.raw, i+1)
	if i < len(p.raw) && p.raw[i] == '}' {
		return i + 1, nil
	}
	comma := i
	for index := 0; ; index++ {
		key := skipSpace(p.raw, i)
		value := skipKey(p.raw, key)
		if value == bad {
			return bad, errSyntax
		}
		m := member{index: index, comma: comma, key: key, value: skipSpace(p.raw, value)}
		m.name = keyName(p.raw[key:value])
		end, err := visit(m)
		if err != nil {
			return bad, err
		}
		end = skipSpace(p.raw, end)
		if end >= len(p.raw) || p.raw[end] != ',' && p.raw[end] != '}' {
			return bad, errSyntax
		}
		if p.raw[end] == '}' {
			return end + 1, nil
		}
		comma, i = end, end+1
	}
}

// keyName is the name of a member whose key, up to the colon, is given. Names
// that no visit looks for are not worth a string.
func keyName(key []byte) string {
	end := bytes.LastIndexByte(key, '"')
	key = key[1:end]
	switch string(key) {
	case "kind":
		return "kind"
	case "apiVersion":
		return "apiVersion"
	case "metadata":
		return "metadata"
	case "name":
		return "name"
	case "namespace":
		return "namespace"
	case "resourceVersion":
		return "resourceVersion"
	case "managedFields":
		return "managedFields"
	}
	if bytes.IndexByte(key, '\\') >= 0 {
		return unquote(key)
	}
	return ""
}

// unquote is the text of a valid JSON string, given without its quotes.
func unquote(s []byte) string {
	if bytes.IndexByte(s, '\\') < 0 {
		return string(s)
	}
	var text string
	quoted := append(append([]byte{'"'}, s...), '"')
	if json.Unmarshal(quoted, &text) != nil {
		return ""
	}
	return text
}

// once fails on the second member of one name.
func (p *parser) once(flag uint8) error {
	if p.seen&flag != 0 {
		return errDuplicate
	}
	p.seen |= flag
	return nil
}

// skip passes a value that nothing is wanted from.
func (p *parser) skip(i int) (int, error) {
	if i = skipValue(p.raw, i, &p.nest); i == bad {
		return bad, errSyntax
	}
	return i, nil
}

// topMember visits a member of the object itself.
func (p *parser) topMember(m member) (int, error) {
	switch m.name {
	case "kind", "apiVersion":
		return p.typeMember(m)
	case "metadata":
		if err := p.once(seenMetadata); err != nil {
			return bad, err
		}
		if m.value >= len(p.raw) || p.raw[m.value] != '{' {
			return bad, errors.New("metadata is not an object")
		}
		p.cutPrefix(m)
		return p.members(m.value, p.metaMember)
	}
	p.cutPrefix(m)
	return p.skip(m.value)
}

// typeMember visits kind or apiVersion, and notes which of them came first.
func (p *parser) typeMember(m member) (int, error) {
	flag := uint8(seenKind)
	if m.name == "apiVersion" {
		flag = seenAPIVersion
	}
	if err := p.once(flag); err != nil {
		return bad, err
	}
	if m.index == 0 {
		p.first = m.name
	}
	_, end, err := p.text(m.value)
	return end, err
}

// cutPrefix notes that the list form starts here, where m is the third member
// of a built-in: kind, apiVersion and then the rest.
func (p *parser) cutPrefix(m member) {
	if m.index == 2 && p.first == "kind" && p.seen&seenAPIVersion != 0 {
		p.cut = m.comma
	}
}

// metaMember visits a member of metadata.
func (p *parser) metaMember(m member) (int, error) {
	switch m.name {
	case "namespace":
		return p.textMember(m, seenNamespace, &p.namespace)
	case "name":
		return p.textMember(m, seenName, &p.name)
	case "resourceVersion":
		return p.versionMember(m)
	case "managedFields":
		return p.managedMember(m)
	}
	return p.skip(m.value)
}

// text reads the string at i.
func (p *parser) text(i int) (text []byte, end int, err error) {
	if i >= len(p.raw) || p.raw[i] != '"' {
		return nil, bad, errors.New("not a string")
	}
	if end = skipString(p.raw, i); end == bad {
		return nil, bad, errSyntax
	}
	return p.raw[i+1 : end-1], end, nil
}

// textMember visits a part of the key. A slash in it could make one object's
// key read as another's.
func (p *parser) textMember(m member, flag uint8, to *string) (int, error) {
	if err := p.once(flag); err != nil {
		return bad, err
	}
	text, end, err := p.text(m.value)
	if err != nil {
		return bad, err
	}
	*to = unquote(text)
	if strings.ContainsRune(*to, '/') || len(*to) > math.MaxUint16 {
		return bad, errors.New("invalid name or namespace")
	}
	return end, nil
}

// versionMember visits metadata.resourceVersion.
func (p *parser) versionMember(m member) (int, error) {
	if err := p.once(seenVersion); err != nil {
		return bad, err
	}
	text, end, err := p.text(m.value)
	if err != nil {
		return bad, err
	}
	v, err := strconv.ParseUint(string(text), 10, 64)
	if err != nil || text[0] == '0' {
		return bad, errors.New("resourceVersion is no number")
	}
	p.version, p.versionAt = v, m.value+1
	return end, nil
}

// managedMember notes what to cut for the object to lose its managedFields:
// them and one comma beside them.
func (p *parser) managedMember(m member) (int, error) {
	if err := p.once(seenManaged); err != nil {
		return bad, err
	}
	end, err := p.skip(m.value)
	if err != nil {
		return bad, err
	}
	from, to := m.comma, end
	if m.index == 0 {
		if next := skipSpace(p.raw, end); next < len(p.raw) && p.raw[next] == ',' {
			to = next + 1
		}
	}
	p.managed = span{from: uint32(from), to: uint32(to)}
	return end, nil
}

// object is what was found, in list-item form.
func (p *parser) object() (Object, error) {
	raw, cut := p.raw, uint32(p.cut)
	if cut > 0 {
		raw = raw[cut:]
		raw[0] = '{'
	}
	o := Object{raw: raw[:len(raw):len(raw)]}
	o.key = p.name
	if p.namespace != "" {
		o.key = p.namespace + "/" + p.name
	}
	o.namespace = uint16(len(p.namespace))
	o.version, o.versionAt = p.version, uint32(p.versionAt)-cut
	if p.seen&seenManaged != 0 {
		o.managed = span{from: p.managed.from - cut, to: p.managed.to - cut}
	}
	o.size, o.sum = uint32(len(raw)), xxhash.Sum64(raw)
	return o, nil
}
