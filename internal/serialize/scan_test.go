package serialize

import (
	"encoding/json"
	"hash/crc32"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/internal/serialize/sample"
)

// valid says whether b is one JSON value, by the scanner of this package.
func valid(b []byte) bool {
	i := skipValue(b, 0, new(nest))
	return i != bad && skipSpace(b, i) == len(b)
}

// FuzzScan compares the scanner with the standard library's.
func FuzzScan(f *testing.F) {
	f.Add(sample.NewPods().Raw(1, 2))
	for _, text := range []string{
		`[1,-0,0.5,1e9,1E+9,1e-9,true,false,null,"\u12aF\\\"\/\b\f\n\r\t"]`, ` { "a" : [ { } , [ ] ] } `,
		`01`, `1.`, `.5`, `-`, `1e`, `tru`, `nul`, `"`, `"\`, `"\u12`, `[,]`, `{,}`, `{"a"}`, `{"a":}`, `[1 2]`, `{]`, "\"\x1f\"", "\"\x7f\xff\"",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, want := valid(b), json.Valid(b); got != want {
			t.Errorf("valid: %t, by the standard library: %t", got, want)
		}
	})
}

func TestDeepestObjectStillFitsIntoAListThatIsRead(t *testing.T) {
	deep := func(n int) string {
		return `{"metadata":{"name":"x","resourceVersion":"1"},"a":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}`
	}
	o, err := Parse([]byte(deep(maxDepth)))
	if err != nil {
		t.Fatal(err)
	}
	event := `{"type":"ADDED","object":{"rows":[{"object":` + string(o.Bytes()) + `}]}}`
	if !json.Valid([]byte(event)) {
		t.Error("the deepest object that is accepted makes an event unreadable")
	}
	if _, err := Parse([]byte(deep(maxDepth + 1))); err == nil {
		t.Error("an object deeper than that is accepted")
	}
}

func TestChecksumsCombine(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, size := range []int{0, 1, 2, 7, 255, 256, 65_535, 65_536, 131_073} {
		first, second := make([]byte, random.IntN(1000)), make([]byte, size)
		for i := range second {
			second[i] = byte(random.Uint32())
		}
		for i := range first {
			first[i] = byte(random.Uint32())
		}
		block := Deflate(second)
		want := crc32.ChecksumIEEE(append(first, second...))
		if got := combine(crc32.ChecksumIEEE(first), block); got != want {
			t.Errorf("%d bytes: %08x, want %08x", size, got, want)
		}
		block.shift = 0 // as in a block made elsewhere
		if got := combine(crc32.ChecksumIEEE(first), block); got != want {
			t.Errorf("%d bytes, without the power kept: %08x, want %08x", size, got, want)
		}
		if string(block.Inflate(nil)) != string(second) {
			t.Errorf("%d bytes do not come back", size)
		}
	}
}
