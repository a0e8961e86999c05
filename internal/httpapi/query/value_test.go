package query

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestValuesHaveOneOrder is the order of documentation: each line is less than the next, and what stands in one line is equal.
func TestValuesHaveOneOrder(t *testing.T) {
	lines := [][]string{
		{`-1e1000000000000`, `-1e2000000000000`},
		{`-12`, `"-12"`},
		{`-1.5`, `"-1500m"`},
		{`-1.25`},
		{`0`, `-0`, `0e5`, `"0"`, `"0Ki"`},
		{`"5n"`},
		{`"100m"`, `0.1`, `1e-1`},
		{`"0.5"`},
		{`1`, `"1"`, `1.0`, `"1000m"`, `"1e0"`},
		{`2`},
		{`10`, `"10"`},
		{`"1k"`, `1000`},
		{`"1Ki"`, `1024`},
		{`9007199254740992`},
		{`9007199254740993`},
		{`"1E"`, `1e18`},
		{`"1Ei"`, `1152921504606846976`},
		{`1e400`},
		{`"0001-01-01T00:00:00Z"`},
		{`"1969-12-31T23:59:59Z"`},
		{`"2026-01-02T03:04:05Z"`, `"2026-01-02T05:04:05+02:00"`},
		{`"2026-01-02T03:04:05.5Z"`},
		{`false`},
		{`true`},
		{`""`},
		{`"1x"`},
		{`"2026-13-02T03:04:05Z"`},
		{`"Z"`},
		{`"a"`, `"\u0061"`},
		{`"ab"`},
		{`["a"]`},
		{`{"a":1}`},
		{`null`, ``},
	}
	for i, line := range lines {
		for _, a := range line {
			for j, other := range lines {
				for _, b := range other {
					va, vb := valueOf(a), valueOf(b)
					if got, want := va.compare(vb, false), compareInts(i, j); got != want {
						t.Errorf("%s compared with %s is %d, want %d", a, b, got, want)
					}
				}
			}
		}
	}
	if valueOf(`null`).compare(valueOf(`1`), true) != 1 {
		t.Error("what is missing must be last when descending")
	}
}

func valueOf(raw string) value { return value(appendValue(nil, []byte(raw), false)) }

func compareInts(a, b int) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func TestNamesAreTextsWhateverTheyLookLike(t *testing.T) {
	names := []string{"10", "1e3", "9", "a"}
	slices.SortFunc(names, func(a, b string) int {
		return value(appendText(nil, a, true)).compare(value(appendText(nil, b, true)), false)
	})
	if diff := cmp.Diff([]string{"10", "1e3", "9", "a"}, names); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSketch(t *testing.T) {
	for text, want := range map[string]bool{
		"metadata.labels.app": true, "metadata.labels": true, "status.phase": true, "status.containerStatuses[0].restartCount": true,
		"spec.containers[*].image": true, "metadata.annotations.a": false, "metadata": false, "status": false, "status.containerStatuses": false,
		"metadata.uid": false, "status.containerStatuses.restartCount": false, "spec.containers[*].image.deeper": true,
	} {
		p, err := ParsePath(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := sketched(p); got != want {
			t.Errorf("%s: %t", text, got)
		}
	}
	object := `{"metadata":{"name":"a","annotations":{"b":"c"},"managedFields":[]},"spec":{"containers":[{"name":"x","image":"i"},{}]},"status":{"phase":"Running","podIP":"1"}}`
	want := `{"metadata":{"name":"a","annotations":{"b":"c"}},"spec":{"containers":[{"image":"i"},{}]},"status":{"phase":"Running"}}`
	if diff := cmp.Diff(want, string(Sketch(nil, []byte(object)))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
