package serialize

import (
	"bytes"
	"strconv"
	"time"

	"k8s.io/apimachinery/pkg/util/duration"
)

// rowMember begins an object that carries the row of a Table. No field of an API has such a name, and it stands first,
// where a get of a field by its path never comes across it.
const rowMember = `{"k8cache.dev/row":{"ages":[`

// Age is a text in a row that says how long ago something was: it stands from one position of the row up to another, and
// has run since some Unix time in nanoseconds.
type Age struct {
	From, To int
	Since    int64
}

// Row is what a Table shows of one object: {"cells":[...]} and what else the API server said of it, without the object.
type Row struct {
	// JSON is the row as it was printed.
	JSON []byte
	// Ages are the texts in it that run with time, in order.
	Ages []Age
}

// WithRow is the object with its row, as one object that is kept and selected like any other.
func (o Object) WithRow(row Row) Object {
	head := append(make([]byte, 0, len(rowMember)+len(row.JSON)+len(o.raw)+64), rowMember...)
	head = strconv.AppendInt(head, int64(len(row.JSON)), 10)
	for _, age := range row.Ages {
		for _, number := range [...]int64{int64(age.From), int64(age.To), age.Since} {
			head = append(head, ',')
			head = strconv.AppendInt(head, number, 10)
		}
	}
	head = append(head, `],"row":`...)
	head = append(head, row.JSON...)
	head = append(head, `},`...)
	return o.moved(len(head)-1, append(head, o.raw[1:]...))
}

// moved is the object with other bytes, in which its own stand n bytes further on.
func (o Object) moved(n int, raw []byte) Object {
	o.raw = raw
	o.versionAt = narrow(int(o.versionAt) + n)
	if o.managed.len() > 0 {
		o.managed = span{from: narrow(int(o.managed.from) + n), to: narrow(int(o.managed.to) + n)}
	}
	return o.measured()
}

// splitRow takes an object with a row apart. The object's own bytes come without their opening brace.
func splitRow(raw []byte) (row Row, own []byte) {
	rest, ok := bytes.CutPrefix(raw, []byte(rowMember))
	if !ok {
		return Row{JSON: []byte(`{"cells":[]}`)}, raw[1:]
	}
	size, rest := leadingNumber(rest)
	for rest[0] == ',' {
		var age Age
		var from, to int64
		from, rest = leadingNumber(rest[1:])
		to, rest = leadingNumber(rest[1:])
		age.Since, rest = leadingNumber(rest[1:])
		age.From, age.To = int(from), int(to)
		row.Ages = append(row.Ages, age)
	}
	rest = rest[len(`],"row":`):]
	row.JSON = rest[:size]
	return row, rest[size+int64(len(`},`)):]
}

func leadingNumber(b []byte) (number int64, rest []byte) {
	end := 0
	for end < len(b) && b[end] != ',' && b[end] != ']' {
		end++
	}
	number, _ = strconv.ParseInt(string(b[:end]), 10, 64) // what WithRow wrote
	return number, b[end:]
}

// appendAt appends the row, or a text that begins with it, as it reads at a time.
func (r Row) appendAt(dst []byte, now time.Time) []byte {
	at := 0
	for _, age := range r.Ages {
		dst = append(dst, r.JSON[at:age.From]...)
		dst = appendElapsed(dst, now.Sub(time.Unix(0, age.Since)))
		at = age.To
	}
	return append(dst, r.JSON[at:]...)
}

// appendElapsed appends a duration as API servers print it, escaped for JSON.
func appendElapsed(dst []byte, d time.Duration) []byte {
	text := duration.HumanDuration(d)
	if text[0] != '<' {
		return append(dst, text...)
	}
	quoted := appendString(nil, text)
	return append(dst, quoted[1:len(quoted)-1]...)
}
