package informers

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tidwall/gjson"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/k8cache/k8cache/internal/serialize"
)

// errUnfit says that a resource's tables cannot be kept, because what runs with time in them is not understood, or they
// are not in the order of keys.
var errUnfit = errors.New("its tables cannot be kept")

// printer reads the rows that an API server prints of one resource. Cells are taken as they come, except that those which
// say how long ago something was are remembered as a time, to be printed anew for each reader.
type printer struct {
	kind    serialize.Kind
	columns []column
}

// column is what is known of one column of a table.
type column struct {
	name string
	// since is when what the cell says began; nil where it does not run with time.
	since func(object gjson.Result) time.Time
	// examined says that nobody needs to look whether the cell runs with time.
	examined bool
}

// newPrinter reads column definitions. Of a custom resource they must be those that its definition declares.
func newPrinter(kind serialize.Kind, gr schema.GroupResource, definitions gjson.Result, declared *declaration) (*printer, error) {
	p := &printer{kind: kind}
	for _, definition := range definitions.Array() {
		is := definition.Get("type").String()
		p.columns = append(p.columns, column{name: definition.Get("name").String(), examined: is != "string" && is != "date"})
	}
	if kind.Custom {
		return p, declared.complete(p.columns, definitions)
	}
	if gr.String() == "flowschemas.flowcontrol.apiserver.k8s.io" { // the only one (printFlowSchemaList)
		return nil, fmt.Errorf("%w: the API server sorts them", errUnfit)
	}
	p.columns = append(p.columns, column{name: undefined})
	for i := range p.columns {
		c := &p.columns[i]
		c.since = runsSince(gr, c.name)
		c.examined = c.examined || isExamined(gr, c.name)
	}
	return p, nil
}

// undefined is the name of the column that a cell is in beyond those that are defined. IP addresses have one.
const undefined = "(undefined)"

// read takes one row, {"cells":[...],"object":{...}}, printed just now.
func (p *printer) read(text string, now time.Time) (serialize.Object, error) {
	row := gjson.Parse(text)
	whole := row.Get("object")
	if !whole.IsObject() || !strings.HasSuffix(text[:whole.Index], `,"object":`) {
		return serialize.Object{}, fmt.Errorf("%w: a row without its object", serialize.ErrInvalid)
	}
	object, err := p.kind.Parse([]byte(whole.Raw))
	if err != nil {
		return serialize.Object{}, err
	}
	ages, err := p.ages(row.Get("cells"), whole, now)
	if err != nil {
		return serialize.Object{}, err
	}
	before := strings.TrimSuffix(text[:whole.Index], `,"object":`)
	return object.WithRow(serialize.Row{JSON: append([]byte(before), '}'), Ages: ages}), nil
}

// ages finds what runs with time.
func (p *printer) ages(cells, object gjson.Result, now time.Time) ([]serialize.Age, error) {
	var ages []serialize.Age
	for i, cell := range cells.Array() {
		if cell.Type != gjson.String || len(p.columns) == 0 {
			continue
		}
		age, err := p.columns[min(i, len(p.columns)-1)].age(cell, object, now)
		if err != nil {
			return nil, err
		}
		if age.To > 0 {
			ages = append(ages, age)
		}
	}
	return ages, nil
}

// age finds the text that runs with time in a cell; zero where there is none.
func (c column) age(cell, object gjson.Result, now time.Time) (serialize.Age, error) {
	text := cell.Raw[1 : len(cell.Raw)-1]
	if c.since == nil {
		if !c.examined && looksElapsed(text) {
			return serialize.Age{}, fmt.Errorf("%w: nobody knows since when column %q runs", errUnfit, c.name)
		}
		return serialize.Age{}, nil
	}
	since := c.since(object)
	elapsed, ok := findElapsed(text)
	if since.IsZero() || !ok {
		return serialize.Age{}, nil
	}
	if !elapsed.covers(now.Sub(since)) {
		return serialize.Age{}, fmt.Errorf("%w: column %q does not run since when it should, or the clocks differ", errUnfit, c.name)
	}
	from := cell.Index + 1
	return serialize.Age{From: from + elapsed.from, To: from + elapsed.to, Since: since.UnixNano()}, nil
}
