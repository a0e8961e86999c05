package serialize

import (
	"strconv"
	"time"
)

// Include says what of its object each row of a table holds.
type Include string

// What a row may hold of its object.
const (
	IncludeNone     Include = "None"
	IncludeMetadata Include = "Metadata"
	IncludeObject   Include = "Object"
)

// Table says how tables of a resource are written, whose objects carry rows.
type Table struct {
	// Columns are the definitions of the columns, as JSON.
	Columns string
	// NoRows are the rows of an empty table, as JSON.
	NoRows string
	// Include says what of its object each row holds.
	Include Include
	// At is the time at which ages are told. Zero: when they are written.
	At time.Time

	of Kind // how a row's object is written
}

// Table is the kind of answers that show objects as the rows of a table, in a
// version of meta.k8s.io: v1 or v1beta1.
func (k Kind) Table(version string, t Table) Kind {
	if t.of = k; t.Include == IncludeMetadata {
		t.of = k.MetadataAlone(version)
	}
	return Kind{APIVersion: "meta.k8s.io/" + version, Kind: "Table", ListKind: "Table", table: &t}
}

// WithoutColumns is the kind of the tables that follow the first of a watch.
func (k Kind) WithoutColumns() Kind {
	if k.table.Columns == "null" {
		return k
	}
	t := *k.table
	t.Columns = "null"
	k.table = &t
	return k
}

// now is the time at which ages are told.
func (t *Table) now() time.Time {
	if t.At.IsZero() {
		return time.Now()
	}
	return t.At
}

// Include says what of its object each row of a table holds.
func (k Kind) Include() Include { return k.table.Include }

// AppendHead appends what comes before the rows of a table.
func (k Kind) AppendHead(dst []byte, resourceVersion string) []byte {
	return append(dst, List{Kind: k, ResourceVersion: resourceVersion}.head()...)
}

// appendTable appends a table of one row.
func (k Kind) appendTable(dst []byte, o Object) []byte {
	dst = append(k.AppendHead(dst, strconv.FormatUint(o.ResourceVersion(), 10)), '[')
	dst = k.table.row(o.raw).appendAt(dst, k.table.now())
	return append(dst, "]}"...)
}

// row is the row as it is sent, the object's part included, but for its ages.
func (t *Table) row(raw []byte) Row {
	row, own := splitRow(raw)
	text := make([]byte, 0, len(row.JSON)+len(own)+256)
	text = append(append(text, row.JSON[:len(row.JSON)-1]...), `,"object":`...)
	switch t.Include {
	case IncludeNone:
		text = append(text, "null"...)
	case IncludeMetadata:
		text = t.of.appendMetadata(text, memberOf(own, "metadata"))
	case IncludeObject:
		text = append(t.of.appendOpening(text), own...)
	}
	text = append(text, '}')
	row.JSON = text
	return row
}
