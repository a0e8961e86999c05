package query

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

const (
	// maxSearch bounds a search in bytes, maxWords its words.
	maxSearch = 256
	maxWords  = 8
)

// ParseSearch reads the words of a search: what stands between white space,
// folded. All must be found in an object, each in any one of its texts.
func ParseSearch(text string) ([]string, error) {
	switch {
	case len(text) > maxSearch:
		return nil, fmt.Errorf("at most %d bytes can be searched for", maxSearch)
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return nil, errors.New("no text of UTF-8, or one with a NUL")
	}
	words := strings.Fields(fold(text))
	if len(words) > maxWords {
		return nil, fmt.Errorf("at most %d words can be searched for", maxWords)
	}
	return words, nil
}

// fold makes equal what differs only in case or in how it is composed: full
// case folding as Unicode defines it, in Normalization Form C.
func fold(text string) string {
	ascii := true
	for i := range len(text) {
		ascii = ascii && text[i] < utf8.RuneSelf
	}
	if ascii {
		return strings.ToLower(text)
	}
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(text)))
}
