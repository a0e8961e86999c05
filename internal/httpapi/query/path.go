package query

import (
	"fmt"
	"strings"
)

const (
	// maxPath bounds a path in bytes: a label's key may have 317.
	maxPath = 512
	// maxSteps bounds its steps.
	maxSteps = 24
)

// Path is the way to a value in an object, as in
//
//	metadata.labels.app
//	metadata.labels['app.kubernetes.io/name']   or   metadata.labels.app\.kubernetes\.io/name
//	status.containerStatuses[0].restartCount
//	status.containerStatuses[*].ready           any element
//
// It is kubectl's JSONPath without braces and functions. A dot before the first
// name is allowed, as kubectl writes it.
type Path struct {
	steps []step
	text  string // one for all ways to write the path
}

// step goes from a value to one inside.
type step struct {
	kind  stepKind
	name  string
	index int
}

type stepKind int

const (
	toMember stepKind = iota
	toElement
	toEvery
)

// String is the path in the one form that equal paths have in common.
func (p Path) String() string { return p.text }

// Wild says whether the path may lead to several values.
func (p Path) Wild() bool {
	for _, s := range p.steps {
		if s.kind == toEvery {
			return true
		}
	}
	return false
}

// ParsePath reads one path. The error says where it is wrong.
func ParsePath(text string) (Path, error) {
	r := &pathReader{text: text}
	p, err := r.path("")
	if err == nil && r.at < len(text) {
		err = r.wrong("a dot or a bracket must follow")
	}
	return p, err
}

// canonical is the text of steps, from which they can be read again.
func canonical(steps []step) string {
	var text strings.Builder
	for i, s := range steps {
		switch s.kind {
		case toElement:
			fmt.Fprintf(&text, "[%d]", s.index)
		case toEvery:
			text.WriteString("[*]")
		case toMember:
			if i > 0 {
				text.WriteByte('.')
			}
			writeName(&text, s.name)
		}
	}
	return text.String()
}

// writeName writes a name with backslashes where it needs them.
func writeName(text *strings.Builder, name string) {
	for _, c := range name {
		if c <= ' ' || c == 0x7f || strings.ContainsRune(special, c) {
			text.WriteByte('\\')
		}
		text.WriteRune(c)
	}
}

// is says whether the path is that of these members.
func (p Path) is(names ...string) bool {
	if len(p.steps) != len(names) {
		return false
	}
	for i, s := range p.steps {
		if s.kind != toMember || s.name != names[i] {
			return false
		}
	}
	return true
}
