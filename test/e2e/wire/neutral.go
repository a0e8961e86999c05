package wire

import (
	"encoding/base64"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"
)

// Neutral takes out of a body what may differ between two answers to one request at one state of the collection:
//
//   - the version of a list: an API server's moves with writes to other resources, which k8cache does not see;
//   - continue tokens, but for the place that they go on from: k8cache's are sealed;
//   - which version a server was at, in its refusal of one that it has not come to or no longer has;
//   - the bookmarks that come from time to time. The one that ends initial events stays, but for its version.
func Neutral(body string) string {
	body = continues.ReplaceAllStringFunc(body, place)
	for _, version := range listVersions {
		body = version.ReplaceAllString(body, "${1}LISTED${2}")
	}
	body = moments.ReplaceAllString(body, "${1}CURRENT")
	body = expiries.ReplaceAllString(body, "${1}(OLDEST)")
	return notices(body)
}

//nolint:gochecknoglobals // compiled once, never changed
var (
	continues = regexp.MustCompile(`"?continue"?: ?"?[A-Za-z0-9_-]+={0,2}"?`)
	// Where the version of a list stands: first in a built-in kind's envelope, last in a custom one's and in YAML.
	listVersions = []*regexp.Regexp{
		regexp.MustCompile(`^(\{\s*"kind":\s*"\w+",\s*"apiVersion":\s*"[^"]+",\s*"metadata":\s*\{\s*"resourceVersion":\s*")\d+("[^{]*?\},\s*"(?:items|columnDefinitions)")`),
		regexp.MustCompile(`(\],\s*"kind":\s*"\w+",\s*"metadata":\s*\{[^{}]*"resourceVersion":\s*")\d+("\s*\}\s*\}\s*)$`),
		regexp.MustCompile(`(\nkind: \w+\nmetadata:\n(?:  [a-zA-Z]+: [^\n]*\n)*  resourceVersion: ")\d+("\n(?:  [a-zA-Z]+: [^\n]*\n)*)$`),
	}
	moments  = regexp.MustCompile(`(Too large resource version: \d+, current: )\d+`)
	expiries = regexp.MustCompile(`(too old resource version: \d+ )\(\d+\)`)
	marked   = regexp.MustCompile(`"resourceVersion":\s*"\d+"`)
)

// place shows what a token that a server made goes on from.
func place(parameter string) string {
	open := strings.TrimRight(parameter, `"`)
	at := strings.LastIndexAny(open, `": `) + 1
	text, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(open[at:], "="))
	var token struct {
		RV    int64  `json:"rv"`
		Start string `json:"start"`
	}
	if err != nil || json.Unmarshal(text, &token) != nil {
		return parameter
	}
	kind := "LATEST"
	if token.RV > 0 {
		kind = "SAME"
	}
	start := strconv.Quote(strings.TrimPrefix(token.Start, "/"))
	return parameter[:at] + kind + " FROM " + start[1:len(start)-1] + parameter[len(open):]
}

// notices drops bookmarks that nobody can count on, and the version of the one that they can.
func notices(body string) string {
	if !strings.HasPrefix(body, `{"type":`) {
		return body
	}
	var kept strings.Builder
	for line := range strings.Lines(body) {
		if strings.HasPrefix(line, `{"type":"BOOKMARK"`) {
			if !strings.Contains(line, "k8s.io/initial-events-end") {
				continue
			}
			line = marked.ReplaceAllString(line, `"resourceVersion":"MARKED"`)
		}
		kept.WriteString(line)
	}
	return kept.String()
}
