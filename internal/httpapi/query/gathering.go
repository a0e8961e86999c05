package query

import (
	"bytes"
	"strings"
)

// gathering gathers the texts of objects one by one.
type gathering struct {
	all    strings.Builder
	ends   []uint32
	owners []uint64
	words  int
	known  map[string]int
	object int
	room   []byte
	last   [sections]section
	within *section // the one being gathered
}

// section is a part of an object in which neighbours are often equal to the last
// byte: it is not read again then.
type section struct {
	raw   []byte
	texts []int
}

const (
	ofLabels = iota
	ofAnnotations
	ofSpec
	ofStatus
	sections
)

// section gathers one, or takes what was in the last object's if that was equal.
func (g *gathering) section(which int, raw []byte, gather func(raw []byte)) {
	s := &g.last[which]
	if bytes.Equal(s.raw, raw) {
		for _, number := range s.texts {
			g.own(number)
		}
		return
	}
	s.raw, s.texts = raw, s.texts[:0]
	g.within = s
	gather(raw)
	g.within = nil
}

// own notes that the present object has a text.
func (g *gathering) own(number int) { g.owners[number*g.words+g.object/64] |= 1 << (g.object % 64) }

// add adds a text of the present object.
func (g *gathering) add(text []byte) {
	if len(text) == 0 {
		return
	}
	number, ok := g.known[string(text)]
	if !ok {
		number = len(g.ends)
		whole := string(text)
		g.known[whole] = number
		g.all.WriteString(strings.ReplaceAll(fold(cut(whole)), "\x00", " "))
		g.all.WriteByte(0)
		g.ends = append(g.ends, uint32(g.all.Len())) //nolint:gosec // a leaf has less
		for range g.words {
			g.owners = append(g.owners, 0)
		}
	}
	g.own(number)
	if g.within != nil {
		g.within.texts = append(g.within.texts, number)
	}
}

// addRaw adds a raw value if it is a text.
func (g *gathering) addRaw(raw []byte) {
	switch {
	case len(raw) < 2 || raw[0] != '"':
	case bytes.IndexByte(raw, '\\') < 0:
		g.add(raw[1 : len(raw)-1])
	default:
		g.add([]byte(unquote(raw)))
	}
}

// gather adds the texts that stand in an object.
func (g *gathering) gather(object []byte) {
	members(object, func(name, value []byte) bool {
		switch string(name) {
		case `"metadata"`:
			members(value, g.metadata)
		case `"spec"`:
			g.section(ofSpec, value, func(raw []byte) { g.images(raw, 0) })
		case `"status"`:
			g.section(ofStatus, value, func(raw []byte) {
				g.state(raw)
				members(raw, g.status)
			})
		case `"reason"`, `"message"`, `"note"`, `"type"`: // events have them here
			g.addRaw(value)
		}
		return true
	})
}

// metadata adds labels and annotations.
func (g *gathering) metadata(name, value []byte) bool {
	switch string(name) {
	case `"labels"`:
		g.section(ofLabels, value, func(raw []byte) { members(raw, g.pair) })
	case `"annotations"`:
		g.section(ofAnnotations, value, func(raw []byte) {
			members(raw, func(key, value []byte) bool {
				return !isShort(key, value) || g.pair(key, value)
			})
		})
	}
	return true
}

// isShort says whether an annotation is one that is searched.
func isShort(key, value []byte) bool {
	return len(value) <= maxText+2 && !isName(key, lastApplied)
}

// pair adds a label or an annotation, as key=value.
func (g *gathering) pair(key, value []byte) bool {
	if len(value) < 2 || value[0] != '"' {
		return true
	}
	if bytes.IndexByte(key, '\\') < 0 && bytes.IndexByte(value, '\\') < 0 {
		g.room = append(append(append(g.room[:0], key[1:len(key)-1]...), '='), value[1:len(value)-1]...)
	} else {
		g.room = append(g.room[:0], unquote(key)+"="+unquote(value)...)
	}
	g.add(g.room)
	return true
}

// maxTemplates is how deep templates stand in each other: a cron job has a job's,
// which has a pod's.
const maxTemplates = 3

// images adds the images of a spec and of the templates in it.
func (g *gathering) images(spec []byte, depth int) {
	if depth == maxTemplates {
		return
	}
	members(spec, func(name, value []byte) bool {
		switch string(name) {
		case `"containers"`, `"initContainers"`, `"ephemeralContainers"`:
			elements(value, func(container []byte) bool {
				g.addRaw(member(container, "image"))
				return true
			})
		case `"template"`, `"jobTemplate"`:
			g.images(member(value, "spec"), depth+1)
		}
		return true
	})
}

// state adds phase, reason and message.
func (g *gathering) state(object []byte) {
	members(object, func(name, value []byte) bool {
		switch string(name) {
		case `"phase"`, `"reason"`, `"message"`:
			g.addRaw(value)
		}
		return true
	})
}

// status adds the reasons and messages of conditions, and of containers that
// wait or have ended.
func (g *gathering) status(name, value []byte) bool {
	switch string(name) {
	case `"conditions"`:
		elements(value, func(condition []byte) bool {
			g.state(condition)
			return true
		})
	case `"containerStatuses"`, `"initContainerStatuses"`:
		elements(value, func(container []byte) bool {
			members(member(container, "state"), func(_, state []byte) bool {
				g.state(state)
				return true
			})
			return true
		})
	}
	return true
}
