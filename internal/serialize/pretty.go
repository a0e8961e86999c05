package serialize

import (
	"bytes"
	"encoding/json"
	"slices"
	"sync"
)

// Pretty is the list as API servers write it for people: indented by two
// spaces, without a trailing newline. Its size is known only by making it.
func (l List) Pretty() List {
	var parts []Part
	for part := range l.parts() {
		parts = append(parts, &indented{Part: part})
	}
	l.Parts, l.pretty = slices.Values(parts), true
	return l
}

// prettyEnvelope is the envelope with the place of the items cut out.
func (l List) prettyEnvelope() (head, comma, tail []byte) {
	const place = "0"
	whole := append(l.head(), place...)
	whole = indent(append(whole, l.tail()...), "")
	cut := []byte("\n    " + place + "\n  ")
	at := bytes.Index(whole, cut)
	if l.lastComma() == 0 { // json.Indent leaves an empty array in one line
		return slices.Concat(whole[:at], whole[at+len(cut):]), nil, nil
	}
	return whole[:at+len("\n    ")], []byte(",\n    "), whole[at+len("\n    "+place):]
}

// indent indents JSON that is known to be valid.
func indent(raw []byte, prefix string) []byte {
	var out bytes.Buffer
	out.Grow(len(raw) + len(raw)/2)
	_ = json.Indent(&out, bytes.TrimSuffix(raw, []byte("\n")), prefix, "  ")
	return out.Bytes()
}

// PrettyKeeper is a part that keeps the block of its items in the form for people.
type PrettyKeeper interface {
	// KeepPretty returns the block, made by deflate when first asked for.
	KeepPretty(deflate func() Block) Block
}

// indented is a part in the form for people.
type indented struct {
	Part
	once  sync.Once
	block Block
}

var _ Part = (*indented)(nil)

// Joined are the items as they stand in an indented list, made anew.
func (p *indented) Joined([]byte) []byte {
	array := append([]byte{'['}, p.Part.Joined(nil)...)
	out := indent(append(array, ']'), "  ")
	return out[len("[\n    ") : len(out)-len("\n  ]")]
}

// JoinedSize makes the items to measure them.
func (p *indented) JoinedSize() int64 { return int64(len(p.Joined(nil))) }

// Deflated deflates the items when first asked to.
func (p *indented) Deflated() Block {
	deflate := func() Block { return Deflate(p.Joined(nil)) }
	p.once.Do(func() {
		if keeper, ok := p.Part.(PrettyKeeper); ok {
			p.block = keeper.KeepPretty(deflate)
			return
		}
		p.block = deflate()
	})
	return p.block
}
