package httpapi

import (
	"strconv"

	"github.com/tidwall/gjson"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// bookmark is the object of a BOOKMARK event: the kind's empty object, as the API server itself writes it, at a
// version, and with the annotation that ends initial events (KEP-3157).
func (s *sight) bookmark(version uint64, ends bool) []byte {
	metadata := `{"resourceVersion":"` + strconv.FormatUint(version, 10) + `"`
	annotations := `"annotations":{"` + metav1.InitialEventsAnnotationKey + `":"true"}`
	switch {
	case ends && s.kind.Sorted(): // keys in order
		metadata = `{` + annotations + `,` + metadata[1:] + `}`
	case ends:
		metadata += `,` + annotations + `}`
	default:
		metadata += `}`
	}
	zero := string(s.collection.Zero)
	if zero == "" || s.kind.Metadata {
		zero = `{"kind":` + strconv.Quote(s.kind.Kind) + `,"apiVersion":` + strconv.Quote(s.kind.APIVersion) + `,"metadata":{}}`
	}
	old := gjson.Get(zero, "metadata")
	return []byte(zero[:old.Index] + metadata + zero[old.Index+len(old.Raw):])
}
