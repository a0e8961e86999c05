package serialize

import (
	"bytes"
	"encoding/json"
	"slices"

	"sigs.k8s.io/yaml"
)

// Text is a notation of objects.
type Text int

// The notations that API servers know beside the binary ones.
const (
	JSON     Text = iota // compact, for programs
	Indented             // JSON for people, without a trailing newline
	YAML
)

// Document is an answer's one object, given as JSON that is known to be valid.
// It fails on control characters, which YAML has not; API servers fail then in
// the same words, from the same library.
func (t Text) Document(object []byte) ([]byte, error) {
	switch t {
	case Indented:
		return indent(object, ""), nil
	case YAML:
		return yaml.JSONToYAML(object)
	case JSON:
	}
	return append(object, '\n'), nil
}

// items are list items, given as JSON with commas between, as they stand in a
// list: API servers write a list's items in YAML where the list's own members
// stand, so that they read there as they do by themselves.
func (t Text) items(joined []byte) ([]byte, error) {
	array := slices.Concat([]byte("["), joined, []byte("]"))
	switch t {
	case Indented:
		out := indent(array, "  ")
		return out[len("[\n    ") : len(out)-len("\n  ]")], nil
	case YAML:
		return yaml.JSONToYAML(array)
	case JSON:
	}
	return joined, nil
}

// envelope cuts a list, given as JSON, in which one item, 0, stands for all:
// into what is before, between and after the items.
func (t Text) envelope(list []byte) (head, comma, tail []byte) {
	item, before := "[0]", "["
	switch t {
	case Indented:
		item, before, comma = "\n    0\n  ]", "\n    ", []byte(",\n    ")
	case YAML:
		item, before = "\n- 0\n", "\n"
	case JSON:
		comma = []byte(",")
	}
	list, _ = t.Document(list)                              // names, numbers and tokens are printable
	at := bytes.LastIndex(list, []byte(item)) + len(before) // a column's description may hold it too
	after := list[at+1:]
	if t == YAML {
		after = list[at+len("- 0\n"):]
	}
	return list[:at:at], comma, after
}

// indent indents JSON that is known to be valid.
func indent(raw []byte, prefix string) []byte {
	var out bytes.Buffer
	out.Grow(len(raw) + len(raw)/2)
	_ = json.Indent(&out, bytes.TrimSuffix(raw, []byte("\n")), prefix, "  ")
	return out.Bytes()
}
