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

// row takes an object with a row apart. The object's own bytes come without their opening brace.
func (o Object) row() (row Row, own []byte) {
	rest, ok := bytes.CutPrefix(o.raw, []byte(rowMember))
	if !ok {
		return Row{JSON: []byte(`{"cells":[]`)}, o.raw[1:]
	}
	var numbers []int64
	for {
		var number int64
		number, rest = leadingNumber(rest)
		numbers = append(numbers, number)
		next := rest[0]
		if rest = rest[1:]; next == ']' {
			break
		}
	}
	rest = rest[len(`,"row":`):]
	for at := 1; at+2 < len(numbers); at += 3 {
		row.Ages = append(row.Ages, Age{From: int(numbers[at]), To: int(numbers[at+1]), Since: numbers[at+2]})
	}
	row.JSON = rest[:numbers[0]]
	return row, rest[numbers[0]+int64(len(`},`)):]
}

func leadingNumber(b []byte) (number int64, rest []byte) {
	end := 0
	for end < len(b) && b[end] != ',' && b[end] != ']' {
		end++
	}
	number, _ = strconv.ParseInt(string(b[:end]), 10, 64) // what WithRow wrote
	return number, b[end:]
}

// appendAt appends the row as it reads at a time, without its closing brace.
func (r Row) appendAt(dst []byte, now time.Time) []byte {
	at := 0
	for _, age := range r.Ages {
		dst = append(dst, r.JSON[at:age.From]...)
		dst = appendElapsed(dst, now.Sub(time.Unix(0, age.Since)))
		at = age.To
	}
	return append(dst, r.JSON[at:len(r.JSON)-1]...)
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
