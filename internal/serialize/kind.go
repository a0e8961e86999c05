package serialize

import "encoding/json"

// Kind is how the envelopes of a resource are written.
type Kind struct {
	// APIVersion is the group and version, such as "v1" or "apps/v1".
	APIVersion string
	// Kind is the kind of one object, such as "Pod".
	Kind string
	// ListKind is the kind of a list of them, such as "PodList".
	ListKind string
	// Custom says that the resource is a custom one: its envelopes have their
	// keys sorted, and its objects carry kind and apiVersion everywhere.
	Custom bool
	// Metadata says that of each object its metadata alone is written, as
	// PartialObjectMetadata, whose members are in one order for all resources.
	Metadata bool

	alone string // of which kind the metadata are, where they stand alone
	table *Table // says that objects are written as the rows of tables
}

// Sorted says whether envelopes have their keys sorted.
func (k Kind) Sorted() bool { return k.Custom && !k.Metadata }

// AppendObject appends o as a get of it reads, without the trailing newline.
func (k Kind) AppendObject(dst []byte, o Object) []byte {
	switch {
	case k.table != nil:
		return k.appendTable(dst, o)
	case k.Metadata:
		return k.appendMetadata(dst, o.metadata())
	}
	dst = k.appendOpening(dst)
	if len(o.raw) == len("{}") && !k.Custom { // what was cut down may be empty
		dst = dst[:len(dst)-1]
	}
	return append(dst, o.raw[1:]...)
}

// appendOpening appends what comes before the members that stand in a list.
func (k Kind) appendOpening(dst []byte) []byte {
	if k.Custom {
		return append(dst, '{')
	}
	dst = append(dst, `{"kind":`...)
	dst = appendString(dst, k.Kind)
	dst = append(dst, `,"apiVersion":`...)
	dst = appendString(dst, k.APIVersion)
	return append(dst, ',')
}

// appendString appends s as a JSON string, escaped as the API server does.
func appendString(dst []byte, s string) []byte {
	quoted, err := json.Marshal(s)
	if err != nil {
		return append(dst, `""`...)
	}
	return append(dst, quoted...)
}
