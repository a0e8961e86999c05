package httpapi

import (
	"fmt"
	"strconv"
	"time"

	"github.com/tidwall/gjson"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/k8cache/k8cache/internal/serialize"
)

// tableOptions are what a request says of the tables that it asks for (metav1.TableOptions). Ages are those of now, and in
// a watch those of each event.
func (s *sight) tableOptions() (serialize.Table, error) {
	if s.form.shape != table {
		return serialize.Table{}, nil
	}
	t := serialize.Table{Include: serialize.Include(s.query.Get("includeObject"))}
	if !s.watch {
		t.At = time.Now()
	}
	switch t.Include {
	case serialize.IncludeNone, serialize.IncludeMetadata, serialize.IncludeObject:
	case "":
		t.Include = serialize.IncludeMetadata
	default:
		return t, apierrors.NewBadRequest(fmt.Sprintf("Unable to convert to Table as requested: includeObject: Invalid value: %q: "+
			"must be 'Metadata', 'Object', 'None', or empty", t.Include))
	}
	return t, nil
}

// tableBookmark is a bookmark's object as a table: its row is that of the kind's empty object. That holds metadata even
// where none are asked for, if they have something to say.
func (s *sight) tableBookmark(version uint64, ends bool) []byte {
	row, object := gjson.ParseBytes(s.collection.Zero), []byte("null")
	cells := row.Get("cells").Raw
	if cells == "" {
		cells = "[]" // the API server has sent no bookmark yet
	}
	switch include := s.kind.Include(); {
	case include == serialize.IncludeObject:
		object = bookmarkOf(s.collection.Kind, row.Get("object").Raw, version, ends)
	case include == serialize.IncludeMetadata, ends:
		object = bookmarkOf(s.collection.Kind.MetadataAlone(s.form.version), "", version, ends)
	}
	table := s.kind.AppendHead(nil, strconv.FormatUint(version, 10))
	table = append(append(table, `[{"cells":`...), cells...)
	table = append(append(table, `,"object":`...), object...)
	return append(table, "}]}"...)
}

// headed notes that a watch has sent a table with column definitions: those after it have none.
func (s *sight) headed() {
	if s.form.shape == table {
		s.kind = s.kind.WithoutColumns()
	}
}
