package wire

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Request is a read.
type Request struct {
	Method string
	// Path comes with its query.
	Path string
	// Lines are header lines, such as "Accept: application/yaml".
	Lines []string
}

// String is short enough for the name of a test.
func (r Request) String() string {
	text := r.Path
	if r.Method != http.MethodGet {
		text = r.Method + " " + text
	}
	return strings.Join(append([]string{text}, r.Lines...), " ")
}

// At is the request with a version in the place of VERSION.
func (r Request) At(version string) Request {
	r.Path = strings.ReplaceAll(r.Path, "VERSION", version)
	return r
}

// Streams says whether an API server takes the request for a watch.
func (r Request) Streams() bool {
	_, query, _ := strings.Cut(r.Path, "?")
	values, _ := url.ParseQuery(query) // as an API server, without what cannot be read
	value := values.Get("watch")
	return strings.Contains(r.Path, "/watch/") || values.Has("watch") && value != "0" && !strings.EqualFold(value, "false")
}

// get is a GET of a path with parameters, of which empty ones are none.
func get(path string, parameters ...string) Request {
	if given := slices.DeleteFunc(parameters, func(parameter string) bool { return parameter == "" }); len(given) > 0 {
		path += "?" + strings.Join(given, "&")
	}
	return Request{Method: http.MethodGet, Path: path}
}

// with adds header lines.
func (r Request) with(lines ...string) Request {
	r.Lines = append(append([]string(nil), r.Lines...), lines...)
	return r
}

// selector is a parameter of a selector as it is written.
func selector(name, text string) string { return name + "=" + url.QueryEscape(text) }
