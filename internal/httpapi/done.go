package httpapi

import (
	"bytes"
	"io"
	"net/http"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/tidwall/gjson"

	"github.com/k8cache/k8cache/internal/informers/store"
)

// done is what a write did, as far as its answer tells.
type done struct {
	version uint64 // of the object; zero where the answer names none
	removed bool
	gone    []gone // what a deletion of many was about
}

// gone is an object of which the last state before its deletion is known.
type gone struct {
	namespace, name string
	version         uint64
}

// done reads the answer of a write.
func (w *written) done(answer *http.Response, body []byte) done {
	d := done{removed: answer.Request.Method == http.MethodDelete || w.subresource == "eviction"}
	contentType := answer.Header.Get("Content-Type")
	if answer.Header.Get("Content-Encoding") == "gzip" {
		body = unpacked(body)
	}
	if d.removed && w.name == "" {
		d.gone = deletedItems(body)
	}
	d.version = writtenVersion(contentType, body)
	return d
}

// unpacked is a compressed body, or what there is of it: API servers compress large answers for who takes them so.
func unpacked(body []byte) []byte {
	zip, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil
	}
	plain, _ := io.ReadAll(io.LimitReader(zip, maxWritten)) // an end that is missing is the client's to meet
	return plain
}

// deletedItems are the items of the list with which an API server answers the deletion of many: as they were before it.
// Who wants that list in another form than JSON reads in that form too, past the cache.
func deletedItems(body []byte) []gone {
	var items []gone
	gjson.GetBytes(body, "items.#.metadata").ForEach(func(_, metadata gjson.Result) bool {
		if !metadata.Get("deletionTimestamp").Exists() { // else it was on its way already, and nothing need come of it
			items = append(items, gone{
				namespace: metadata.Get("namespace").String(), name: metadata.Get("name").String(),
				version: metadata.Get("resourceVersion").Uint(),
			})
		}
		return true
	})
	return items
}

// allGone says whether a state is one after the deletion: it has come to what was deleted, and does not have it any more,
// or not as it was.
func (d done) allGone(s *store.Snapshot) bool {
	for _, item := range d.gone {
		if s.ResourceVersion() < item.version {
			return false
		}
		if found, ok := s.Find(item.namespace, item.name); ok && found.ResourceVersion() == item.version {
			return false
		}
	}
	return true
}

// writtenVersion reads the version out of a write's answer; zero where it names none.
func writtenVersion(contentType string, body []byte) uint64 {
	if strings.HasPrefix(contentType, "application/vnd.kubernetes.protobuf") {
		return protobufVersion(body)
	}
	return gjson.GetBytes(body, "metadata.resourceVersion").Uint()
}
