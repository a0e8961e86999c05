package query

import (
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
		g.room = append(g.room[:0], ref.Name()...)
		g.add(g.room)
		g.room = append(g.room[:0], ref.Namespace()...)
		g.add(g.room)
		g.gather(bodies[i])
	}
	t := &texts{all: g.all.String(), ends: g.ends, owners: g.owners, words: g.words}
	return t
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
