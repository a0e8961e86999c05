package httpapi

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/munnerz/goautoneg"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// formsOf reads in which forms a client takes a read's answer. It is not ok where the API server would refuse: none of
// them will do, or the first that it accepts has no such answer. Its refusals are its own words; a caller without full
// rights hears 403 there, before any word about Accept.
//
// The order is that of NegotiateMediaTypeOptions in k8s.io/apiserver: clauses by q and by how exact they are, sorted by
// the very library that it uses; a clause whose parameters will not do falls through to the next.
func formsOf(accept string, pretty bool, want read) (forms, bool) {
	if accept == "" {
		return forms{{mediaType: jsonType, pretty: pretty}}, true
	}
	if !want.custom() && !routed(accept) {
		return nil, false
	}
	var found forms
	for _, clause := range goautoneg.ParseAccept(accept) {
		f, ok := formOf(clause, want)
		if !ok {
			continue
		}
		if want.answers(f, clause.Params["as"]) {
			f.pretty = f.mediaType == jsonType && (pretty || clause.Params["pretty"] == "1")
			found = append(found, f)
		} else if len(found) == 0 {
			return nil, false
		}
	}
	return found, len(found) > 0
}

// answers says whether the read has an answer of a form that an API server accepts: it finds out only while it answers
// that metadata of one object is none of a list, and that a watch cannot be YAML.
func (r read) answers(f form, as string) bool {
	if f.shape == metadata && (as == "PartialObjectMetadataList") != (r.verb() == "list") {
		return false
	}
	return !r.watch || f.mediaType != yamlType
}

// custom says whether a resource is surely one that a CustomResourceDefinition made: API servers route and encode those
// apart from their own. The groups of their own have no dot, or end in k8s.io, as some custom ones do too: those are
// taken for built-in, for which less is answered from memory.
func (o object) custom() bool {
	return strings.Contains(o.Group, ".") && !strings.HasSuffix(o.Group, ".k8s.io")
}

// routed says whether a built-in resource's route takes an Accept header: it looks for one of its types as it is written,
// or */*, and knows no other wildcard (Route.matchesAccept in go-restful).
func routed(accept string) bool {
	for clause := range strings.SplitSeq(accept, ",") {
		name, _, _ := strings.Cut(clause, ";")
		switch strings.Trim(name, " ") {
		case "*/*", jsonType, yamlType, protobufType, cborType:
			return true
		}
	}
	return false
}

// formOf is the form that one clause of Accept asks for, if an API server accepts it: the first of its media types that
// goes with the clause's parameters.
func formOf(clause goautoneg.Accept, want read) (form, bool) {
	for _, mediaType := range []string{jsonType, yamlType, protobufType, cborType} {
		if !covers(clause, mediaType) {
			continue
		}
		if f, ok := transform(mediaType, clause.Params); ok && accepts(f, clause.Params, want) {
			return f, true
		}
	}
	return form{}, false
}

func covers(clause goautoneg.Accept, mediaType string) bool {
	kind, sub, _ := strings.Cut(mediaType, "/")
	if mediaType == cborType && clause.SubType == "*" {
		return false // not without its feature gate
	}
	return clause.Type == kind && (clause.SubType == sub || clause.SubType == "*") || clause.Type == "*" && clause.SubType == "*"
}

// transform reads the parameters as, g and v, which ask for another kind of object.
func transform(mediaType string, params map[string]string) (form, bool) {
	as, converts := params["as"]
	group, grouped := params["g"]
	version, versioned := params["v"]
	if !converts && !grouped && !versioned {
		return form{mediaType: mediaType}, true
	}
	if group != metav1.GroupName || version != "v1" && version != "v1beta1" {
		return form{}, false
	}
	f := form{mediaType: mediaType, version: version}
	switch as {
	case "Table":
		f.shape = table
		return f, mediaType == jsonType || mediaType == yamlType
	case "PartialObjectMetadata", "PartialObjectMetadataList":
		f.shape = metadata
		return f, true
	}
	return form{}, false
}

// accepts says whether an API server has an encoder for the form, and can meet the clause's other parameters.
func accepts(f form, params map[string]string, want read) bool {
	stream, version := params["stream"], params["sv"]
	switch {
	case stream != "" && (stream != "watch" || f.mediaType == yamlType):
		return false
	case version != "" && version != "v1":
		return false
	case f.mediaType == protobufType && f.shape == whole && want.custom():
		return false
	}
	return true
}

// statusForm is the form of an error's Status: an API server reads Accept once more for it, and knows no conversions then.
// Where nothing will do, the Status is JSON for people.
func statusForm(accept string, pretty bool) form {
	if accept == "" {
		return form{mediaType: jsonType, pretty: pretty}
	}
	for _, clause := range goautoneg.ParseAccept(accept) {
		for _, mediaType := range []string{jsonType, yamlType, protobufType} {
			f, ok := transform(mediaType, clause.Params)
			if ok && f.shape == whole && covers(clause, mediaType) && clause.Params["sv"] == "" && accepts(f, clause.Params, read{}) {
				f.pretty = mediaType == jsonType && (pretty || clause.Params["pretty"] == "1")
				return f
			}
		}
	}
	return form{mediaType: jsonType, pretty: true}
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
func wantsPretty(r *http.Request, query url.Values) bool {
	if value := query.Get("pretty"); value != "" {
		pretty, err := strconv.ParseBool(value)
		return err == nil && pretty
	}
	agent := r.UserAgent()
	return strings.HasPrefix(agent, "curl") || strings.HasPrefix(agent, "Wget") || strings.HasPrefix(agent, "Mozilla/5.0")
}
