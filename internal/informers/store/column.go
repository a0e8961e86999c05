package store

import (
	"slices"

	"github.com/tidwall/gjson"

	"github.com/k8cache/k8cache/internal/serialize"
)

// maxColumns bounds what one leaf remembers; the oldest column makes room.
const maxColumns = 16

// column is the values of a leaf's objects at one path, as JSON. Neighbours
// often have equal values: each is kept once.
type column struct {
	path   string
	values []string
	rows   []uint16
}

// newColumn reads the values at path.
func newColumn(path string, objects []serialize.Object) *column {
	c := &column{path: path, rows: make([]uint16, len(objects))}
	seen := map[string]uint16{}
	for i, o := range objects {
		text := gjson.GetBytes(o.Bytes(), path).Raw
		number, known := seen[text]
		if !known {
			number = uint16(len(c.values)) //nolint:gosec // a leaf has far fewer objects
			seen[text] = number
			c.values = append(c.values, text)
		}
		c.rows[i] = number
	}
	return c
}

// value is that of object i.
func (c *column) value(i int) gjson.Result {
	text := c.values[c.rows[i]]
	if text == "" {
		return gjson.Result{}
	}
	return gjson.Parse(text)
}

// bytes is the memory that the column takes.
func (c *column) bytes() int64 {
	n := int64(2 * len(c.rows))
	for _, text := range c.values {
		n += int64(len(text)) + 16
	}
	return n
}

// columnsAt are the leaf's columns at paths, in their order. Those that are
// not remembered yet are made, all of them from one unpacking.
func (l *leaf) columnsAt(paths []string) []*column {
	if len(paths) == 0 {
		return nil
	}
	columns, missing := l.remembered(paths)
	if !missing {
		return columns
	}
	objects := l.objects()
	l.computing.Lock()
	defer l.computing.Unlock()
	columns, _ = l.remembered(paths)
	for i, path := range paths {
		if columns[i] == nil {
			columns[i] = newColumn(path, objects)
			l.rememberLocked(columns[i])
		}
	}
	return columns
}

// remembered are the columns at paths, nil where there is none.
func (l *leaf) remembered(paths []string) (columns []*column, missing bool) {
	columns = make([]*column, len(paths))
	all := l.columns.Load()
	for i, path := range paths {
		if all != nil {
			if at := slices.IndexFunc(*all, func(c *column) bool { return c.path == path }); at >= 0 {
				columns[i] = (*all)[at]
			}
		}
		missing = missing || columns[i] == nil
	}
	return columns, missing
}

// rememberLocked keeps a column if the packer has room. The caller holds
// l.computing.
func (l *leaf) rememberLocked(c *column) {
	if !l.packer.admit(c.bytes()) {
		return
	}
	var columns []*column
	if all := l.columns.Load(); all != nil {
		columns = slices.Clone(*all)
	}
	if len(columns) == maxColumns {
		l.packer.release(columns[0].bytes())
		columns = columns[1:]
	}
	columns = append(columns, c)
	l.columns.Store(&columns)
}

// derived is the memory that columns and the blocks of other forms take.
func (l *leaf) derived() int64 {
	n := l.forms.size()
	if columns := l.columns.Load(); columns != nil {
		for _, c := range *columns {
			n += c.bytes()
		}
	}
	return n
}

// forget drops columns and the blocks of other forms, which can be made again, and
// returns how much that was.
func (l *leaf) forget() int64 {
	l.computing.Lock()
	defer l.computing.Unlock()
	n := l.derived()
	l.forms.forget()
	l.columns.Store(nil)
	return n
}

// resident is what the leaf takes beside its deflated form.
func (l *leaf) resident() int64 {
	n := l.derived()
	if l.raw.Load() != nil {
		n += l.size
	}
	return n
}
