package query

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
)

// The parameters that a query is read from.
const (
	paramSortBy    = "sortBy"
	paramSearch    = "search"
	paramOffset    = "offset"
	paramAggregate = "aggregate"
	paramFields    = "fields"
	paramSlim      = "omitManagedFields"
)

// How many paths a parameter may have.
const (
	maxSortBy     = 8
	maxAggregate  = 8
	maxFields     = 64
	maxConditions = 32
)

// Parameters are the names of all that Parse reads.
func Parameters() []string {
	return []string{paramSortBy, paramSearch, paramOffset, paramAggregate, paramFields, paramSlim}
}

// ParameterError says which parameter is wrong, and how.
type ParameterError struct {
	Parameter string
	Err       error
}

var _ error = (*ParameterError)(nil)

func (e *ParameterError) Error() string { return e.Parameter + ": " + e.Err.Error() }

// Unwrap is what is wrong.
func (e *ParameterError) Unwrap() error { return e.Err }

// Query is what a request asks beyond what an API server knows. A parameter
// that is empty means the same as one that is not there.
type Query struct {
	Order     Order
	Words     []string
	Offset    int64
	HasOffset bool
	Aggregate []Path
	Fields    Fields
	// Slim leaves managedFields out.
	Slim bool
	// AnyField says that a field selector names a field that an API server does
	// not select by.
	AnyField bool
}

// Parse reads a query. The error is a *ParameterError.
func Parse(values url.Values) (Query, error) {
	var q Query
	for _, read := range []struct {
		parameter string
		from      func(text string) error
	}{
		{paramSortBy, q.parseOrder},
		{paramSearch, q.parseSearch},
		{paramOffset, q.parseOffset},
		{paramAggregate, q.parseAggregate},
		{paramFields, q.parseFields},
		{paramSlim, q.parseSlim},
	} {
		if text := values.Get(read.parameter); text != "" {
			if err := read.from(text); err != nil {
				return q, &ParameterError{Parameter: read.parameter, Err: err}
			}
		}
	}
	return q, q.contradiction(values)
}

// contradiction finds parameters that make no sense together.
func (q Query) contradiction(values url.Values) error {
	if len(q.Aggregate) > 0 {
		for _, other := range []string{paramSortBy, paramOffset, paramFields, "limit", "continue"} {
			if values.Get(other) != "" {
				return &ParameterError{Parameter: paramAggregate, Err: errors.New("counts have no items, so " + other + " means nothing: leave one of the two out")}
			}
		}
	}
	if q.HasOffset && values.Get("continue") != "" {
		return &ParameterError{Parameter: paramOffset, Err: errors.New("a continue token knows its place: leave one of the two out")}
	}
	return nil
}

// Unordered says which parameter asks for what a stream of events cannot have.
func (q Query) Unordered() error {
	for parameter, given := range map[string]bool{paramSortBy: len(q.Order) > 0, paramOffset: q.HasOffset, paramAggregate: len(q.Aggregate) > 0} {
		if given {
			return &ParameterError{Parameter: parameter, Err: errors.New("only a list has an order, pages and counts: leave it out")}
		}
	}
	return nil
}

// Single says which parameter asks for what a single object cannot have.
func (q Query) Single() error {
	if len(q.Words) > 0 {
		return &ParameterError{Parameter: paramSearch, Err: errors.New("a single object is not searched for: leave it out")}
	}
	return q.Unordered()
}

// Adds says whether the query asks anything beyond what an API server knows.
func (q Query) Adds() bool {
	return len(q.Order) > 0 || len(q.Words) > 0 || q.HasOffset || len(q.Aggregate) > 0 || !q.Fields.Everything() || q.Slim || q.AnyField
}

// String is the one form that equal queries have in common, but for the place
// in the list.
func (q Query) String() string {
	if !q.Adds() {
		return ""
	}
	var counted []string
	for _, p := range q.Aggregate {
		counted = append(counted, p.text)
	}
	return fmt.Sprintf("%s\x00%s\x00%s\x00%s\x00%t", q.Order, strings.Join(q.Words, " "), strings.Join(counted, ","), q.Fields, q.Slim)
}

func (q *Query) parseOrder(text string) error {
	r := &pathReader{text: text}
	return r.list(maxSortBy, func() error {
		descending := r.skip('-')
		begin := r.at
		p, err := r.path(",")
		if err == nil && p.Wild() {
			r.at = begin
			err = r.wrong("one value to sort by is needed, not [*]")
		}
		q.Order = append(q.Order, By{Path: p, Descending: descending})
		return err
	})
}

func (q *Query) parseSearch(text string) (err error) {
	q.Words, err = ParseSearch(text)
	return err
}

func (q *Query) parseOffset(text string) error {
	offset, err := strconv.ParseInt(text, 10, 64)
	if err != nil || offset < 0 {
		return errors.New("a whole number from 0 on is needed")
	}
	q.Offset, q.HasOffset = offset, true
	return nil
}

func (q *Query) parseAggregate(text string) (err error) {
	q.Aggregate, err = parsePaths(text, maxAggregate)
	return err
}

func (q *Query) parseFields(text string) error {
	paths, err := parsePaths(text, maxFields)
	if err != nil {
		return err
	}
	q.Fields, err = NewFields(paths)
	return err
}

func (q *Query) parseSlim(text string) error {
	slim, err := strconv.ParseBool(text)
	if err != nil {
		return errors.New("true or false is needed")
	}
	q.Slim = slim
	return nil
}

// parsePaths reads paths with commas between.
func parsePaths(text string, most int) (paths []Path, err error) {
	r := &pathReader{text: text}
	return paths, r.list(most, func() error {
		p, err := r.path(",")
		paths = append(paths, p)
		return err
	})
}

// list reads what one reads, again and again, with commas between.
func (r *pathReader) list(most int, one func() error) error {
	for range most {
		if err := one(); err != nil {
			return err
		}
		if r.at == len(r.text) {
			return nil
		}
		if !r.skip(',') {
			return r.wrong("a comma, a dot or a bracket must follow")
		}
	}
	return r.wrong(fmt.Sprintf("at most %d paths", most))
}

// ParseCondition reads the field of one requirement of a field selector.
func ParseCondition(field, value string, not bool, missing string) (Condition, error) {
	p, err := ParsePath(field)
	if err != nil {
		return Condition{}, err
	}
	return Condition{Path: p, Value: value, Not: not, Missing: missing}, nil
}

// CheckConditions fails where there are more conditions than one request may
// have.
func CheckConditions(n int) error {
	if n > maxConditions {
		return fmt.Errorf("at most %d requirements", maxConditions)
	}
	return nil
}
