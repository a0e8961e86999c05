package httpapi

import (
	"cmp"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// acceptance is how far a client takes plain JSON.
type acceptance int

const (
	acceptsOther     acceptance = iota // JSON is not what it takes
	acceptsJSONLast                    // JSON will do, where the preferred form (a Table) is not to be had
	acceptsJSONFirst                   // JSON is what it wants
)

// negotiate reads Accept as an API server does: clauses by their q in the order given, parameters it does not know
// ignored, a clause that asks for a conversion (as=Table) apart from the plain type.
func negotiate(header http.Header) acceptance {
	values := header.Values("Accept")
	if len(values) == 0 || len(values) == 1 && values[0] == "" {
		return acceptsJSONFirst
	}
	clauses := parseAccept(strings.Join(values, ","))
	for i, c := range clauses {
		if c.plainJSON() {
			if i == 0 {
				return acceptsJSONFirst
			}
			return acceptsJSONLast
		}
	}
	return acceptsOther
}

type clause struct {
	mediaType string
	params    map[string]string
	q         float64
}

func (c clause) plainJSON() bool {
	if c.params["as"] != "" || c.params["stream"] != "" || c.params["sv"] != "" || c.params["pretty"] != "" {
		return false
	}
	return c.mediaType == "application/json" || c.mediaType == "*/*"
}

func parseAccept(header string) []clause {
	var clauses []clause
	for part := range strings.SplitSeq(header, ",") {
		// Media types are compared as written: an API server does not fold their case.
		name, _, _ := strings.Cut(part, ";")
		_, params, err := mime.ParseMediaType(part)
		if err != nil {
			params = map[string]string{"as": "unreadable"}
		}
		c := clause{mediaType: strings.TrimSpace(name), params: params, q: 1}
		if q, err := strconv.ParseFloat(params["q"], 64); err == nil {
			c.q = q
		}
		clauses = append(clauses, c)
	}
	slices.SortStableFunc(clauses, func(a, b clause) int { return cmp.Compare(b.q, a.q) })
	return clauses
}

// takesGzip says whether a client asked for gzip, read as an API server does: the bare token, no q.
func takesGzip(header http.Header) bool {
	for _, value := range header.Values("Accept-Encoding") {
		for token := range strings.SplitSeq(value, ",") {
			if strings.TrimSpace(token) == "gzip" {
				return true
			}
		}
	}
	return false
}

// wantsPretty says whether JSON is to be indented: as the parameter says, otherwise for the programs that people read
// with, known by their User-Agent.
func wantsPretty(r *http.Request) bool {
	if value := r.URL.Query().Get("pretty"); value != "" {
		pretty, err := strconv.ParseBool(value)
		return err == nil && pretty
	}
	agent := r.UserAgent()
	return strings.HasPrefix(agent, "curl") || strings.HasPrefix(agent, "Wget") || strings.HasPrefix(agent, "Mozilla/5.0")
}
