package httpapi

import (
	"strconv"

	"github.com/tidwall/gjson"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/internal/serialize"
)

// bookmark is the object of a BOOKMARK event: the kind's empty object, as the API server itself writes it, at a
// version, and with the annotation that ends initial events (KEP-3157).
func (s *sight) bookmark(version uint64, ends bool) []byte {
	switch s.form.shape {
	case table:
		return s.tableBookmark(version, ends)
	case metadata:
		return bookmarkOf(s.kind, "", version, ends)
	case whole:
	}
	return bookmarkOf(s.kind, string(s.collection.Zero), version, ends)
}

func bookmarkOf(kind serialize.Kind, zero string, version uint64, ends bool) []byte {
	metadata := `{"resourceVersion":"` + strconv.FormatUint(version, 10) + `"`
	annotations := `"annotations":{"` + metav1.InitialEventsAnnotationKey + `":"true"}`
	switch {
	case ends && kind.Sorted(): // keys in order
		metadata = `{` + annotations + `,` + metadata[1:] + `}`
	case ends:
		metadata += `,` + annotations + `}`
	default:
		metadata += `}`
	}
	if zero == "" {
		zero = `{"kind":` + strconv.Quote(kind.Kind) + `,"apiVersion":` + strconv.Quote(kind.APIVersion) + `,"metadata":{}}`
	}
	old := gjson.Get(zero, "metadata")
	return []byte(zero[:old.Index] + metadata + zero[old.Index+len(old.Raw):])
}
