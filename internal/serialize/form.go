package serialize

import (
	"context"
	"slices"
	"sync"
)

// Form is how items of a list are written. The zero value is as they are kept.
type Form struct {
	// Slim says that items are without managedFields.
	Slim bool
	// Metadata is the apiVersion of the PartialObjectMetadata that items are
	// written as. Empty: items are whole.
	Metadata string
	// Include says that items are the rows of a table, and what of their objects
	// those hold. Such a form is kept as rows keeps it, in no notation.
	Include Include
	// Text is the notation.
	Text Text
}

// Keeper is a part that keeps the blocks of its items in other forms.
type Keeper interface {
	// Keep returns the block of a form, made when first asked for, or why there
	// is none.
	Keep(form Form, deflate func() (Block, error)) (Block, error)
}

// As is the list written as a kind, which may be one of metadata, in a
// notation.
func (l List) As(k Kind, text Text) List {
	form := Form{Text: text}
	if k.Metadata {
		form.Metadata = k.APIVersion
	}
	l.Kind, l.text = k, text
	switch {
	case k.table != nil:
		return l.asTable(text)
	case form == (Form{}):
		return l
	}
	var parts []Part
	for part := range l.parts() {
		parts = append(parts, &formed{Part: part, kind: k, form: form})
	}
	l.Parts = slices.Values(parts)
	return l
}

// formed is a part in another form. That is made once, and kept deflated: a
// list asks for the size of all parts before it writes the first.
type formed struct {
	Part
	kind  Kind
	form  Form
	once  sync.Once
	block Block
	err   error
}

var _ Part = (*formed)(nil)

// Make makes what is not made yet of a list in another form than its parts
// have: 10,000 pods in YAML take seconds. It fails where an item cannot be
// written so, and where ctx ends: such a list must not be written.
func (l List) Make(ctx context.Context) error {
	if l.Kind.table != nil {
		return l.makeRows(ctx)
	}
	for part := range l.parts() {
		p, ok := part.(*formed)
		if !ok {
			return nil // all are, or none
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if p.Deflated(); p.err != nil {
			return p.err
		}
	}
	return nil
}

// Joined are the items as they stand in the list.
func (p *formed) Joined(room []byte) []byte { return p.Deflated().Inflate(room) }

// JoinedSize makes the items to measure them.
func (p *formed) JoinedSize() int64 { return p.Deflated().Size }

// Deflated makes and deflates the items when first asked to.
func (p *formed) Deflated() Block {
	p.once.Do(func() {
		if keeper, ok := p.Part.(Keeper); ok {
			p.block, p.err = keeper.Keep(p.form, p.deflate)
			return
		}
		p.block, p.err = p.deflate()
	})
	return p.block
}

// deflate makes the block.
func (p *formed) deflate() (Block, error) {
	items := p.Part.Joined(nil)
	if p.kind.Metadata {
		items = p.kind.metadataItems(items)
	}
	items, err := p.form.Text.items(items)
	if err != nil {
		return Block{}, err
	}
	return Deflate(items), nil
}
