package serialize_test

import (
	"bytes"
	"encoding/json"
	"io"
	"testing"

	"github.com/tidwall/gjson"

	"github.com/k8cache/k8cache/internal/serialize"
	"github.com/k8cache/k8cache/internal/serialize/sample"
)

// BenchmarkParse compares reading what is wanted of an object with only
// reading its bytes and with the validators that there are.
func BenchmarkParse(b *testing.B) {
	pods := sample.NewPods()
	raws := make([][]byte, 500)
	for i := range raws {
		raws[i] = pods.Raw(i, 1000+i)
	}
	scratch := make([]byte, 16<<10)
	sides := []struct {
		name string
		read func(raw []byte) bool
	}{
		{"copy", func(raw []byte) bool {
			_, err := io.ReadFull(bytes.NewReader(raw), scratch[:len(raw)])
			return err == nil
		}},
		{"json.Valid", json.Valid},
		{"gjson.ValidBytes", gjson.ValidBytes},
		{"Parse", func(raw []byte) bool {
			// Parse owns its input and cuts it: give it a copy.
			own := scratch[:copy(scratch, raw)]
			_, err := serialize.Parse(own)
			return err == nil
		}},
	}
	for _, side := range sides {
		b.Run(side.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(raws[0])))
			for i := 0; b.Loop(); i++ {
				if !side.read(raws[i%len(raws)]) {
					b.Fatal("refused")
				}
			}
		})
	}
}
