package serialize

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"strings"
)

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
	var want Kind
	if p.want != nil {
		want = *p.want
	}
	flag, expected := uint8(seenKind), want.Kind
	if m.name == "apiVersion" {
		flag, expected = seenAPIVersion, want.APIVersion
	}
	if err := p.once(flag); err != nil {
		return bad, err
	}
	if m.index == 0 {
		p.first = m.name
	}
	text, end, err := p.text(m.value)
	if err == nil && p.want != nil && string(text) != expected {
		return bad, errors.New("another kind or apiVersion")
	}
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
	p.managedFrom, p.managedTo = from, to
	return end, nil
}
