package query

import (
	"cmp"
	"slices"
	"strings"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// By is one path of an order.
type By struct {
	Path       Path
	Descending bool
}

// Order sorts objects by one path after the other, and at last by key. The
// zero value is the order of keys.
type Order []By

// String is the one form that equal orders have in common.
func (o Order) String() string {
	var text strings.Builder
	for i, by := range o {
		if i > 0 {
			text.WriteByte(',')
		}
		if by.Descending {
			text.WriteByte('-')
		}
		text.WriteString(by.Path.text)
	}
	return text.String()
}

// values are the values at one path in the objects of a leaf.
type values = distinct[value]

// values is the recipe of the values at the path.
func (p Path) values() store.Recipe { return distinctly[value](p, "values", p.appendValueOf) }

// maxCompared is how much of a value is compared, in bytes: the values of all
// objects are in memory at once, and one may be as large as its object.
const maxCompared = 1 << 10

// appendValueOf appends an object's value at the path.
func (p Path) appendValueOf(dst []byte, ref serialize.Ref, body []byte) []byte {
	if own, ok := p.own(ref); ok {
		if own == "" {
			return dst
		}
		return appendText(dst, own, true)
	}
	end := len(dst) + maxCompared
	dst = appendValue(dst, p.first(body), p.names())
	return dst[:min(len(dst), end)]
}

// valuesOf are an object's values at the paths of the order.
func (o Order) valuesOf(object serialize.Object) []value {
	all := make([]value, len(o))
	for i, by := range o {
		all[i] = value(by.Path.appendValueOf(nil, object.Ref, object.Bytes()))
	}
	return all
}

// sorted are a leaf's objects in an order.
type sorted struct {
	order []uint16
	by    []*values
}

// Bytes is the memory that the order takes beside the values.
func (s *sorted) Bytes() int64 { return int64(2*len(s.order)+8*len(s.by)) + 80 }

// sort returns a run's leaf in the order.
func (o Order) sort(reader *store.Reader, run store.Run, key string) *sorted {
	if known, ok := run.Recall(key).(*sorted); ok {
		return known
	}
	s := &sorted{order: make([]uint16, run.LeafLen()), by: make([]*values, len(o))}
	for i, by := range o {
		s.by[i], _ = reader.Derive(run, by.Path.values()).(*values)
	}
	for i := range s.order {
		s.order[i] = uint16(i)
	}
	slices.SortFunc(s.order, func(a, b uint16) int {
		for i, by := range o {
			if s.by[i].rows[a] == s.by[i].rows[b] {
				continue
			}
			return s.by[i].at(int(a)).compare(s.by[i].at(int(b)), by.Descending)
		}
		return cmp.Compare(a, b)
	})
	run.Remember(key, s)
	return s
}

// compare orders object i of the leaf against an object of these values and
// this key.
func (o Order) compare(s *sorted, run store.Run, i int, values []value, key string) int {
	for n, by := range o {
		if c := s.by[n].at(i).compare(values[n], by.Descending); c != 0 {
			return c
		}
	}
	return strings.Compare(run.Ref(i).Key(), key)
}
