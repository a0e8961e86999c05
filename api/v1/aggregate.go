package v1

import (
	"encoding/json"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// APIVersion is that of the types here.
const APIVersion = "k8cache.dev/v1"

// AggregateListKind is the kind of an AggregateList.
const AggregateListKind = "AggregateList"

// AggregateList is the answer to a list with the parameter aggregate: instead
// of items, how many objects have which values.
type AggregateList struct {
	metav1.TypeMeta `json:",inline"`
	// Metadata has the version of the collection that was counted.
	Metadata AggregateListMeta `json:"metadata"`
	// Count is the number of objects that the caller may see and that match.
	Count int `json:"count"`
	// Items are the counts, one for each path asked for, in that order.
	Items []Aggregate `json:"items"`
}

// AggregateListMeta is the metadata of an AggregateList.
type AggregateListMeta struct {
	ResourceVersion string `json:"resourceVersion"`
}

// Aggregate is how many objects have which value at one path.
type Aggregate struct {
	Path string `json:"path"`
	// Values are the most frequent ones, the most frequent first.
	Values []AggregateValue `json:"values"`
	// Missing is the number of objects with no value at the path.
	Missing int `json:"missing"`
	// OmittedValues is how many more values there are than could be listed.
	OmittedValues int `json:"omittedValues,omitempty"`
}

// AggregateValue is how many objects have one value.
type AggregateValue struct {
	// Value is JSON, as it stands in the objects.
	Value json.RawMessage `json:"value"`
	Count int             `json:"count"`
}
