package store

import (
	"github.com/tidwall/gjson"
)

// Labels are an object's labels, read where they stand in its JSON. A label
// selector of apimachinery can match them.
type Labels struct {
	object gjson.Result
}

// LabelsPath is the path of the column that LabelsOf reads.
const LabelsPath = "metadata.labels"

// LabelsOf are the labels in a row's value at LabelsPath.
func LabelsOf(value gjson.Result) Labels { return Labels{object: value} }

// Has says whether there is a label with the key.
func (l Labels) Has(key string) bool {
	_, ok := l.Lookup(key)
	return ok
}

// Get returns the label's value, or the empty string.
func (l Labels) Get(key string) string {
	value, _ := l.Lookup(key)
	return value
}

// Lookup returns the label's value and whether it is there.
func (l Labels) Lookup(key string) (value string, ok bool) {
	l.object.ForEach(func(k, v gjson.Result) bool {
		if k.Str == key {
			value, ok = v.Str, true
		}
		return !ok
	})
	return value, ok
}
