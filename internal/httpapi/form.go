package httpapi

import (
	"slices"

	"github.com/k8cache/k8cache/internal/serialize"
)

// shape is what of the objects is answered.
type shape int

const (
	whole    shape = iota // the objects as they are
	metadata              // their metadata alone: PartialObjectMetadata, or a PartialObjectMetadataList
	table                 // rows of cells, as kubectl prints them
)

// The media types that API servers know. CBOR is behind a feature gate that this end cannot see.
const (
	jsonType     = "application/json"
	yamlType     = "application/yaml"
	protobufType = "application/vnd.kubernetes.protobuf"
	cborType     = "application/cbor"
)

// form is how an answer is written.
type form struct {
	mediaType string
	shape     shape
	// version is that of meta.k8s.io, v1 or v1beta1, which metadata and tables are in. Empty for whole objects.
	version string
	// pretty says that JSON is indented for people.
	pretty bool
}

// fromMemory says whether an answer of this form can be made here, or only by the API server.
func (f form) fromMemory() bool {
	return f.mediaType == jsonType || f.mediaType == yamlType
}

// text is the notation.
func (f form) text() serialize.Text {
	switch {
	case f.mediaType == yamlType:
		return serialize.YAML
	case f.pretty:
		return serialize.Indented
	}
	return serialize.JSON
}

// kind is how the objects of a collection, and lists of them, are written.
func (f form) kind(c Collection, t serialize.Table) serialize.Kind {
	switch f.shape {
	case metadata:
		return c.Kind.MetadataAlone(f.version)
	case table:
		t.Columns, t.NoRows = c.Columns, c.NoRows
		return c.Kind.Table(f.version, t)
	case whole:
	}
	return c.Kind
}

// forms are the forms in which a client takes the answer, in the order in which an API server tries them.
type forms []form

// plain is the form of an answer whose client is not asked.
func plain() forms { return forms{{mediaType: jsonType}} }

// choose picks the form of an answer from memory. A caller who sees all gets what the API server would give: the first
// form, or nothing from here. A caller who sees a part would get nothing from the API server, which knows no such answer:
// for them it is the first form that can be made.
func (f forms) choose(all bool) (form, bool) {
	for _, form := range f {
		if form.fromMemory() {
			return form, true
		}
		if all {
			break
		}
	}
	return form{}, false
}

// withoutTables are the forms that are left where no tables are to be had.
func (f forms) withoutTables() forms {
	return slices.DeleteFunc(slices.Clone(f), func(form form) bool { return form.shape == table })
}

// mark tells forms apart in entity tags.
func (f form) mark() string {
	mark := map[string]string{jsonType: "j", yamlType: "y"}[f.mediaType]
	if f.pretty {
		mark = "p"
	}
	switch f.shape {
	case whole:
		return mark
	case metadata:
		return mark + "m" + f.version
	case table:
		return mark + "t" + f.version
	}
	return mark
}
