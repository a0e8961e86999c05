package serialize

import (
	"context"
	"encoding/binary"
	"slices"
	"sync"
	"time"

	"github.com/cespare/xxhash/v2"
)

// looseTable is up to what size of its objects, in bytes, a table's rows are
// all in memory as they are sent. Those of a larger one are there deflated.
const looseTable = 16 << 20

// asTable is the list written as a table.
func (l List) asTable(text Text) List {
	var parts []Part
	var size int64
	for part := range l.parts() {
		size += part.JoinedSize()
		parts = append(parts, &rows{Part: part, table: l.Kind.table, version: l.Kind.APIVersion, text: text})
	}
	for _, part := range parts {
		part.(*rows).packed = size > looseTable
	}
	l.Parts = slices.Values(parts)
	return l
}

// makeRows makes the rows that are not made yet.
func (l List) makeRows(ctx context.Context) error {
	_, err := l.text.Document(append(l.head(), "[]}"...)) // the columns may be described in any words
	for part := range l.parts() {
		if err == nil {
			err = ctx.Err()
		}
		if r := part.(*rows); err == nil {
			r.made.Do(r.make)
			err = r.err
		}
	}
	return err
}

// Sum stands for what a table says at its time, once it is made.
func (l List) Sum() uint64 {
	sum := xxhash.New()
	_, _ = sum.WriteString(l.Kind.table.Columns)
	for part := range l.parts() {
		_, _ = sum.Write(binary.LittleEndian.AppendUint64(nil, part.(*rows).sum))
	}
	return sum.Sum64()
}

// rows is a part of a table. What it takes from its objects is kept with them,
// but for what runs with time: a list writes that anew.
type rows struct {
	Part
	table   *Table
	version string
	text    Text
	packed  bool

	made sync.Once
	err  error
	size int64
	sum  uint64
	raw  []byte // nil: packed

	deflated sync.Once
	block    Block
}

var _ Part = (*rows)(nil)

// JoinedSize makes the rows to measure them.
func (r *rows) JoinedSize() int64 {
	r.made.Do(r.make)
	return r.size
}

// Joined are the rows.
func (r *rows) Joined(room []byte) []byte {
	if r.made.Do(r.make); r.raw == nil {
		return r.block.Inflate(room)
	}
	return r.raw
}

// Deflated are the rows deflated.
func (r *rows) Deflated() Block {
	r.made.Do(r.make)
	r.deflated.Do(func() { r.block = Deflate(r.raw) })
	return r.block
}

func (r *rows) make() {
	kept, err := r.kept()
	if err == nil {
		r.raw, err = r.text.items(told(kept, r.table.now()))
	}
	r.err, r.size, r.sum = err, int64(len(r.raw)), xxhash.Sum64(r.raw)
	if r.packed {
		r.deflated.Do(func() { r.block = Deflate(r.raw) })
		r.raw = nil
	}
}

// kept is what is kept of the part.
func (r *rows) kept() (kept []byte, err error) {
	build := func() (Block, error) {
		kept = r.table.keep(r.Part.Joined(nil))
		return Deflate(kept), nil
	}
	keeper, ok := r.Part.(Keeper)
	if !ok {
		return r.table.keep(r.Part.Joined(nil)), nil
	}
	block, err := keeper.Keep(Form{Include: r.table.Include, Metadata: r.version}, build)
	if err == nil && kept == nil {
		kept = block.Inflate(nil)
	}
	return kept, err
}

// keep is what can be kept of list items that are joined by commas: for each
// its row with the places of ages, preceded by its size.
func (t *Table) keep(joined []byte) []byte {
	kept := make([]byte, 0, len(joined)/4)
	var n nest
	for at := 0; at < len(joined); at++ { // past the comma
		end := skipValue(joined, at, &n)
		row := t.row(joined[at:end])
		kept = binary.AppendUvarint(kept, uint64(len(row.Ages)))
		for _, age := range row.Ages {
			kept = binary.AppendUvarint(kept, uint64(age.From)) //nolint:gosec // a position
			kept = binary.AppendUvarint(kept, uint64(age.To))   //nolint:gosec // a position
			kept = binary.AppendVarint(kept, age.Since)
		}
		kept = binary.AppendUvarint(kept, uint64(len(row.JSON)))
		kept = append(kept, row.JSON...)
		at = end
	}
	return kept
}

// told are the rows in what keep made, joined by commas, as they read at a
// time.
func told(kept []byte, now time.Time) []byte {
	items := make([]byte, 0, len(kept)+len(kept)/64)
	number := func() int {
		n, size := binary.Uvarint(kept)
		kept = kept[size:]
		return int(n) //nolint:gosec // a position or a size
	}
	var row Row
	for len(kept) > 0 {
		if len(items) > 0 {
			items = append(items, ',')
		}
		row.Ages = row.Ages[:0]
		for range number() {
			age := Age{From: number(), To: number()}
			var size int
			age.Since, size = binary.Varint(kept)
			kept = kept[size:]
			row.Ages = append(row.Ages, age)
		}
		size := number()
		row.JSON, kept = kept[:size], kept[size:]
		items = row.appendAt(items, now)
	}
	return items
}
