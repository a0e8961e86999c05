package query

import (
	"encoding/json"
	"net/url"
	"testing"
	"unicode/utf8"
)

// FuzzParsePath reads a path, writes it, and reads it again.
func FuzzParsePath(f *testing.F) {
	for _, text := range []string{
		"metadata.name", ".metadata.labels['app.kubernetes.io/name']", `metadata.labels.app\.kubernetes\.io/name`, "a[0][*].b", `["x\"y"]`,
		"a..b", "a[", "a[-1]", "a[99999999999999999999]", "a.*", "@this", "#", "a|b", "a\\", "é.ü", "\xff", "a,b", "['']", "[?(@.a)]", "{.a}",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePath(text)
		if err != nil {
			return
		}
		again, err := ParsePath(p.String())
		if err != nil || again.String() != p.String() || len(again.steps) != len(p.steps) {
			t.Fatalf("%q is %q, which is %q: %v", text, p, again, err)
		}
		for i := range p.steps {
			if again.steps[i] != p.steps[i] {
				t.Fatalf("step %d of %q is %v, and %v once written", i, text, p.steps[i], again.steps[i])
			}
		}
	})
}

// FuzzParse reads parameters. What is accepted is bounded, and has a text that tells it from others.
func FuzzParse(f *testing.F) {
	f.Add("-metadata.creationTimestamp,metadata.name", "web front", "10", "", "metadata.name,status", "true")
	f.Add("", "", "", "status.phase,spec.nodeName", "", "")
	f.Add("a,,b", "\x00", "-1", "a[*]", "a[0]", "x")
	f.Fuzz(func(t *testing.T, sortBy, search, offset, aggregate, fields, slim string) {
		values := url.Values{"sortBy": {sortBy}, "search": {search}, "offset": {offset}, "aggregate": {aggregate}, "fields": {fields}, "omitManagedFields": {slim}}
		q, err := Parse(values)
		if err != nil {
			return
		}
		if len(q.Order) > maxSortBy || len(q.Words) > maxWords || len(q.Aggregate) > maxAggregate || q.Offset < 0 {
			t.Fatalf("%+v is more than is allowed", q)
		}
		if (q.String() == "") != !q.Adds() {
			t.Fatalf("%+v has the text %q", q, q)
		}
		object := []byte(`{"metadata":{"name":"a","labels":{"b":"c"}},"status":[{"x":1},2,[3],null]}`)
		if cut := q.Fields.Cut(nil, object); !json.Valid(cut) {
			t.Fatalf("fields %q leave %s", fields, cut)
		}
	})
}

// FuzzScan reads any bytes, JSON or not. Of JSON it leaves JSON.
func FuzzScan(f *testing.F) {
	for _, text := range []string{`{"a":[1,{"b":"c\\\""}],"\u0061":null}`, `[[],{}]`, `{"a"`, `{"a":`, `[1,`, `"`, `{"a":}`, `[,`, "{\"a\" :\n [ 1 , 2 ] }", ``, `\`} {
		f.Add([]byte(text), "a[*].b")
	}
	f.Fuzz(func(t *testing.T, raw []byte, text string) {
		p, err := ParsePath(text)
		if err != nil {
			return
		}
		valid := json.Valid(raw) && utf8.Valid(raw)
		p.find(raw, func(found []byte) bool {
			if valid && !json.Valid(found) {
				t.Fatalf("%q in %s is %s", text, raw, found)
			}
			_ = appendValue(nil, found, false)
			return true
		})
		_ = labelsOf(string(raw))
		_ = Sketch(nil, raw)
		if fields, err := NewFields([]Path{p}); err == nil && valid && !json.Valid(fields.Cut(nil, raw)) {
			t.Fatalf("%q leaves %s of %s", text, fields.Cut(nil, raw), raw)
		}
		if sketch := Sketch(nil, raw); valid && !json.Valid(sketch) {
			t.Fatalf("the sketch of %s is %s", raw, sketch)
		}
	})
}

// FuzzSearch folds and searches whatever a caller and an object may say.
func FuzzSearch(f *testing.F) {
	f.Add("Straße", "STRASSE")
	f.Add("caf\u00e9", "CAFE\u0301")
	f.Add("\x00", "\xff")
	f.Fuzz(func(t *testing.T, text, search string) {
		words, err := ParseSearch(search)
		if err != nil || len(words) == 0 {
			return
		}
		quoted, err := json.Marshal(text)
		if err != nil {
			return
		}
		g := &gathering{known: map[string]int{}, words: 1}
		g.gather([]byte(`{"message":` + string(quoted) + `}`))
		found := (&texts{all: g.all.String(), ends: g.ends, owners: g.owners, words: 1}).search(words)
		if same, err := ParseSearch(text); err == nil && len(same) == 1 && len(words) == 1 && len(text) < maxText && same[0] == words[0] && !found.has(0) {
			t.Fatalf("%q is not found by %q", text, search)
		}
	})
}
