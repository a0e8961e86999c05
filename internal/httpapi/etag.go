package httpapi

import (
	"fmt"
	"net/http"
	"strings"
)

// unchanged names the answer by an entity tag (RFC 9110, section 8.8.3), and answers 304 where the client has it already.
// The tag depends on the items in the answer and on how they are written, and on nothing else: a collection's version,
// which others' objects move too, is not in it.
func unchanged(w http.ResponseWriter, r *http.Request, f form, fingerprint uint64) bool {
	tag := entityTag(r, f, fingerprint)
	w.Header().Set("ETag", tag)
	for _, value := range r.Header.Values("If-None-Match") {
		for known := range strings.SplitSeq(value, ",") {
			if strings.TrimPrefix(strings.TrimSpace(known), "W/") == tag {
				w.Header().Del("Content-Type")
				w.WriteHeader(http.StatusNotModified)
				return true
			}
		}
	}
	return false
}

// entityTag tells the forms of one answer apart: caches must not take one for the other. The query is part of what a
// client keeps its answers by, and needs no place in the tag.
func entityTag(r *http.Request, f form, fingerprint uint64) string {
	mark := f.mark()
	if takesGzip(r.Header) {
		mark += "z"
	}
	return fmt.Sprintf(`"%016x%s"`, fingerprint, mark)
}
