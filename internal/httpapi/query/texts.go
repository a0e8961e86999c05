package query

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// maxText is how much of a text is searched, in bytes.
const maxText = 512

// lastApplied is the annotation that repeats the whole object.
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

// texts are what can be searched of a leaf's objects, folded. Neighbours share
// most of it: each text is kept once, with the objects that have it.
type texts struct {
	all    string   // each text, and a NUL after it
	ends   []uint32 // where they end, NUL included
	owners []uint64 // of each text, in words of 64 objects
	words  int      // of owners, for a text
}

// Bytes is the memory that the texts take.
func (t *texts) Bytes() int64 { return int64(len(t.all)+4*len(t.ends)+8*len(t.owners)) + 120 }

// textsRecipe is the recipe of texts.
func textsRecipe() store.Recipe {
	return store.Recipe{Key: "texts", Reads: store.ReadsSketch, Make: func(refs []serialize.Ref, bodies [][]byte) store.Derived {
		return textsOf(refs, bodies)
	}}
}

// textsOf gathers the texts of objects.
func textsOf(refs []serialize.Ref, bodies [][]byte) *texts {
	g := &gathering{known: map[string]int{}, words: (len(refs) + 63) / 64}
	for i, ref := range refs {
		g.object = i
		g.add(ref.Name())
		g.add(ref.Namespace())
		g.gather(bodies[i])
	}
	t := &texts{all: g.all.String(), ends: g.ends, owners: g.owners, words: g.words}
	return t
}

// gathering gathers the texts of objects one by one.
type gathering struct {
	all    strings.Builder
	ends   []uint32
	owners []uint64
	words  int
	known  map[string]int
	object int
	room   []byte
}

// add adds a text of the present object.
func (g *gathering) add(text string) {
	if text == "" {
		return
	}
	number, ok := g.known[text]
	if !ok {
		number = len(g.ends)
		g.known[strings.Clone(text)] = number
		g.all.WriteString(strings.ReplaceAll(fold(cut(text)), "\x00", " "))
		g.all.WriteByte(0)
		g.ends = append(g.ends, uint32(g.all.Len())) //nolint:gosec // a leaf has less
		for range g.words {
			g.owners = append(g.owners, 0)
		}
	}
	g.owners[number*g.words+g.object/64] |= 1 << (g.object % 64)
}

// cut is the part of a text that is searched.
func cut(text string) string {
	if len(text) <= maxText {
		return text
	}
	end := maxText
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// addRaw adds a raw value if it is a text.
func (g *gathering) addRaw(raw []byte) {
	if len(raw) > 0 && raw[0] == '"' {
		g.add(unquote(raw))
	}
}

// gather adds the texts that stand in an object.
func (g *gathering) gather(object []byte) {
	members(object, func(name, value []byte) bool {
		switch string(name) {
		case `"metadata"`:
			members(value, g.metadata)
		case `"spec"`:
			g.images(value, 0)
		case `"status"`:
			g.state(value)
			members(value, g.status)
		case `"reason"`, `"message"`, `"note"`, `"type"`: // events have them here
			g.addRaw(value)
		}
		return true
	})
}

// metadata adds labels and annotations, each as key=value.
func (g *gathering) metadata(name, value []byte) bool {
	labels := string(name) == `"labels"`
	if !labels && string(name) != `"annotations"` {
		return true
	}
	members(value, func(key, value []byte) bool {
		if len(value) < 2 || value[0] != '"' || !labels && len(value) > maxText+2 || isName(key, lastApplied) {
			return true
		}
		if bytes.IndexByte(key, '\\') < 0 && bytes.IndexByte(value, '\\') < 0 {
			g.room = append(append(append(g.room[:0], key[1:len(key)-1]...), '='), value[1:len(value)-1]...)
		} else {
			g.room = append(g.room[:0], unquote(key)+"="+unquote(value)...)
		}
		g.add(string(g.room))
		return true
	})
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

// search are the objects in which all words are found.
func (t *texts) search(words []string) rows {
	var found rows
	for _, word := range words {
		one := t.find(word)
		if found == nil {
			found = one
			continue
		}
		for i := range found {
			found[i] &= one[i]
		}
	}
	return found
}

// find are the objects that have the word in one of their texts.
func (t *texts) find(word string) rows {
	found := make(rows, t.words)
	for at := 0; ; {
		n := strings.Index(t.all[at:], word)
		if n < 0 {
			return found
		}
		text, _ := slices.BinarySearch(t.ends, uint32(at+n+1)) //nolint:gosec // a leaf has less
		found.join(t.owners[text*t.words : (text+1)*t.words])
		at = int(t.ends[text])
	}
}
