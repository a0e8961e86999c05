package query_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
)

// The naive implementation: objects are decoded into maps, everything is looked
// at, and a list is sorted whole. It shares no code with the real one.

// naivePath is a path as its steps: a string, a number, or every.
type naivePath []any

type every struct{}

// text writes the path, in one of the ways that mean the same.
func (p naivePath) text(style int) string {
	var text strings.Builder
	for i, s := range p {
		switch s := s.(type) {
		case int:
			fmt.Fprintf(&text, "[%d]", s)
		case every:
			text.WriteString("[*]")
		case string:
			plain := !strings.ContainsAny(s, `.[]'"\*,{}() `)
			switch {
			case (style+i)%3 == 1 && i > 0 || !plain && style%2 == 0:
				fmt.Fprintf(&text, "['%s']", strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s))
			default:
				if i > 0 || style%2 == 1 {
					text.WriteByte('.')
				}
				for _, c := range s {
					if strings.ContainsRune(`.[]'"\*,{}() `, c) {
						text.WriteByte('\\')
					}
					text.WriteRune(c)
				}
			}
		}
	}
	return text.String()
}

func decode(raw []byte) any {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		panic(err)
	}
	return v
}

// find are the values at the path; null is none.
func (p naivePath) find(v any) []any {
	if len(p) == 0 {
		if v == nil {
			return nil
		}
		return []any{v}
	}
	switch s := p[0].(type) {
	case string:
		if object, ok := v.(map[string]any); ok {
			return p[1:].find(object[s])
		}
	case int:
		if array, ok := v.([]any); ok && s < len(array) {
			return p[1:].find(array[s])
		}
	case every:
		array, _ := v.([]any)
		var all []any
		for _, one := range array {
			all = append(all, p[1:].find(one)...)
		}
		return all
	}
	return nil
}

var (
	naiveTime     = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d`)
	naiveQuantity = regexp.MustCompile(`^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?$`)
)

// kind is the place of a value's type in the order, with what it compares by.
func kind(v any, name bool) (int, any) {
	switch v := v.(type) {
	case nil:
		return 9, nil
	case json.Number:
		r, _ := new(big.Rat).SetString(v.String())
		return 1, r
	case bool:
		return 3, v
	case string:
		if t, err := time.Parse(time.RFC3339Nano, v); err == nil && naiveTime.MatchString(v) && !name {
			return 2, t
		}
		if naiveQuantity.MatchString(v) && len(v) <= 40 && !name {
			if q, err := resource.ParseQuantity(v); err == nil {
				r, _ := new(big.Rat).SetString(q.AsDec().String())
				return 1, r
			}
		}
		return 4, v
	}
	return 5, v
}

// compareNaive orders two raw values; nil is none.
func compareNaive(a, b json.RawMessage, name, descending bool) int {
	ka, va := kind(decodeSome(a), name)
	kb, vb := kind(decodeSome(b), name)
	c := ka - kb
	if ka == kb {
		switch ka {
		case 1:
			c = va.(*big.Rat).Cmp(vb.(*big.Rat))
		case 2:
			c = va.(time.Time).Compare(vb.(time.Time))
		case 3:
			c = strings.Compare(fmt.Sprint(va), fmt.Sprint(vb))
		case 4:
			c = strings.Compare(va.(string), vb.(string))
		case 5:
			c = bytes.Compare(a, b)
		}
	}
	if descending && ka != 9 && kb != 9 {
		return -c
	}
	return c
}

func decodeSome(raw json.RawMessage) any {
	if raw == nil {
		return nil
	}
	return decode(raw)
}

// raw is the raw value at a path that is not wild, or nil.
func (p naivePath) raw(raw json.RawMessage) json.RawMessage {
	for _, s := range p {
		switch s := s.(type) {
		case string:
			var object map[string]json.RawMessage
			if json.Unmarshal(raw, &object) != nil {
				return nil
			}
			raw = object[s]
		case int:
			var array []json.RawMessage
			if json.Unmarshal(raw, &array) != nil || s >= len(array) {
				return nil
			}
			raw = array[s]
		}
	}
	return raw
}

// compact is JSON with the members of objects in the order of names: the
// random objects are written so.
func compact(v any) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v)
	return strings.TrimSuffix(out.String(), "\n")
}

// cutNaive is what is left of a value at paths.
func cutNaive(v any, paths []naivePath) (any, bool) {
	for _, p := range paths {
		if len(p) == 0 {
			return v, true
		}
	}
	switch v := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for name, inside := range v {
			if kept, ok := cutNaive(inside, below(paths, name)); ok {
				out[name] = kept
			}
		}
		return out, len(out) > 0
	case []any:
		inside := below(paths, every{})
		if len(inside) == 0 {
			return nil, false
		}
		out := make([]any, len(v))
		for i, one := range v {
			kept, ok := cutNaive(one, inside)
			switch one.(type) {
			case map[string]any:
				if !ok {
					kept = map[string]any{}
				}
			case []any:
				if !ok {
					kept = []any{}
				}
			}
			out[i] = kept
		}
		return out, true
	}
	return nil, false
}

// below are the rests of the paths that begin with a step.
func below(paths []naivePath, s any) []naivePath {
	var rests []naivePath
	for _, p := range paths {
		if len(p) > 0 && p[0] == s {
			rests = append(rests, p[1:])
		}
	}
	return rests
}

// textsNaive are all texts of an object that can be searched.
func textsNaive(object any) []string {
	var texts []string
	add := func(path ...any) {
		for _, v := range naivePath(path).find(object) {
			if s, ok := v.(string); ok {
				texts = append(texts, cutText(s))
			}
		}
	}
	add("metadata", "name")
	add("metadata", "namespace")
	for _, where := range []string{"labels", "annotations"} {
		for _, found := range (naivePath{"metadata", where}).find(object) {
			pairs, _ := found.(map[string]any)
			for key, v := range pairs {
				if s, ok := v.(string); ok && (where == "labels" || len(s) < 400 && key != "kubectl.kubernetes.io/last-applied-configuration") {
					texts = append(texts, cutText(key+"="+s))
				}
			}
		}
	}
	for _, list := range []string{"containers", "initContainers", "ephemeralContainers"} {
		add("spec", list, every{}, "image")
		add("spec", "template", "spec", list, every{}, "image")
		add("spec", "jobTemplate", "spec", "template", "spec", list, every{}, "image")
	}
	for _, s := range []string{"phase", "reason", "message"} {
		add("status", s)
		add("status", "conditions", every{}, s)
		for _, state := range []string{"waiting", "terminated", "running"} {
			add("status", "containerStatuses", every{}, "state", state, s)
			add("status", "initContainerStatuses", every{}, "state", state, s)
		}
	}
	for _, s := range []string{"reason", "message", "note", "type"} {
		add(s)
	}
	return texts
}

func cutText(s string) string {
	if len(s) <= 512 {
		return s
	}
	return strings.ToValidUTF8(s[:512], "")
}

// foundNaive says whether all words are in an object.
func foundNaive(object any, words []string) bool {
	texts := textsNaive(object)
	for _, word := range words {
		if !slices.ContainsFunc(texts, func(text string) bool { return strings.Contains(foldNaive(text), foldNaive(word)) }) {
			return false
		}
	}
	return true
}

// foldNaive folds what the random texts consist of.
func foldNaive(s string) string {
	return strings.NewReplacer("ß", "ss", "ẞ", "ss", "e\u0301", "é", "E\u0301", "é").Replace(strings.ToLower(strings.NewReplacer("ẞ", "ss", "ς", "σ", "Σ", "σ").Replace(s)))
}
