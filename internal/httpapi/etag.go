package httpapi

import (
	"fmt"
	"net/http"
	"strings"
)

// knows says whether a client has the answer of a tag already.
func knows(r *http.Request, tag string) bool {
	for _, value := range r.Header.Values("If-None-Match") {
		for known := range strings.SplitSeq(value, ",") {
			if strings.TrimPrefix(strings.TrimSpace(known), "W/") == tag {
				return true
			}
		}
	}
	return false
}

// entityTag names an answer (RFC 9110, section 8.8.3). It depends on the items in the answer and on how they are written,
// and on nothing else: a collection's version, which others' objects move too, is not in it. The query is part of what a
// client keeps its answers by, and needs no place in the tag.
func entityTag(r *http.Request, f form, fingerprint uint64) string {
	mark := f.mark()
	if takesGzip(r.Header) {
		mark += "z"
	}
	return fmt.Sprintf(`"%016x%s"`, fingerprint, mark)
}
