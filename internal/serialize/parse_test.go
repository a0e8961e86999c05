package serialize_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/k8cache/k8cache/internal/serialize"
)

func TestParseFindsWhatItNeedsInTheBytes(t *testing.T) {
	type found struct {
		Namespace, Name, Key, Bytes, Slim string
		Version                           uint64
	}
	tests := map[string]struct {
		raw  string
		want found
	}{
		"a built-in from a watch loses kind and apiVersion": {
			raw: `{"kind":"Pod","apiVersion":"v1","metadata":{"name":"x","namespace":"a","resourceVersion":"7","managedFields":[{"a":1}]},"spec":{}}` + "\n",
			want: found{
				Namespace: "a", Name: "x", Key: "a/x", Version: 7,
				Bytes: `{"metadata":{"name":"x","namespace":"a","resourceVersion":"7","managedFields":[{"a":1}]},"spec":{}}`,
				Slim:  `{"metadata":{"name":"x","namespace":"a","resourceVersion":"7"},"spec":{}}`,
			},
		},
		"a list item stays as it is": {
			raw: `{"metadata":{"managedFields":[],"name":"x","resourceVersion":"7"}}`,
			want: found{
				Name: "x", Key: "x", Version: 7,
				Bytes: `{"metadata":{"managedFields":[],"name":"x","resourceVersion":"7"}}`,
				Slim:  `{"metadata":{"name":"x","resourceVersion":"7"}}`,
			},
		},
		"a custom resource keeps its type": {
			raw: `{"apiVersion":"ex.io/v1","kind":"W","metadata":{"generation":1,"managedFields":[1,2],"name":"x","namespace":"a","resourceVersion":"7"}}`,
			want: found{
				Namespace: "a", Name: "x", Key: "a/x", Version: 7,
				Bytes: `{"apiVersion":"ex.io/v1","kind":"W","metadata":{"generation":1,"managedFields":[1,2],"name":"x","namespace":"a","resourceVersion":"7"}}`,
				Slim:  `{"apiVersion":"ex.io/v1","kind":"W","metadata":{"generation":1,"name":"x","namespace":"a","resourceVersion":"7"}}`,
			},
		},
		"names are read as JSON strings": {
			raw: `{"metadata":{"name":"a\u003cb\"","resourceVersion":"7"}}`,
			want: found{
				Name: `a<b"`, Key: `a<b"`, Version: 7,
				Bytes: `{"metadata":{"name":"a\u003cb\"","resourceVersion":"7"}}`,
				Slim:  `{"metadata":{"name":"a\u003cb\"","resourceVersion":"7"}}`,
			},
		},
		"only metadata names the object": {
			raw: `{"name":"no","spec":{"metadata":{"name":"no"}},"metadata":{"ownerReferences":[{"name":"no"}],"name":"x","resourceVersion":"7"}}`,
			want: found{
				Name: "x", Key: "x", Version: 7,
				Bytes: `{"name":"no","spec":{"metadata":{"name":"no"}},"metadata":{"ownerReferences":[{"name":"no"}],"name":"x","resourceVersion":"7"}}`,
				Slim:  `{"name":"no","spec":{"metadata":{"name":"no"}},"metadata":{"ownerReferences":[{"name":"no"}],"name":"x","resourceVersion":"7"}}`,
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			o, err := serialize.Parse([]byte(test.raw))
			if err != nil {
				t.Fatal(err)
			}
			got := found{o.Namespace(), o.Name(), o.Key(), string(o.Bytes()), string(o.Slim().Bytes()), o.ResourceVersion()}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestThreat27_ParseRefusesWhatIsNoObject(t *testing.T) {
	meta := `"metadata":{"name":"x","resourceVersion":"7"}`
	tests := map[string]string{
		"nothing":                 ``,
		"no object":               `[]`,
		"HTML":                    `<html>`,
		"half an object":          `{` + meta,
		"two objects":             `{` + meta + `}{}`,
		"no metadata":             `{"spec":{}}`,
		"no name":                 `{"metadata":{"resourceVersion":"7"}}`,
		"empty name":              `{"metadata":{"name":"","resourceVersion":"7"}}`,
		"null name":               `{"metadata":{"name":null,"resourceVersion":"7"}}`,
		"no version":              `{"metadata":{"name":"x"}}`,
		"version no number":       `{"metadata":{"name":"x","resourceVersion":"abc"}}`,
		"version negative":        `{"metadata":{"name":"x","resourceVersion":"-1"}}`,
		"version not canonical":   `{"metadata":{"name":"x","resourceVersion":"07"}}`,
		"version a JSON number":   `{"metadata":{"name":"x","resourceVersion":7}}`,
		"version too large":       `{"metadata":{"name":"x","resourceVersion":"99999999999999999999"}}`,
		"name with slash":         `{"metadata":{"name":"b/x","namespace":"a","resourceVersion":"7"}}`,
		"namespace with slash":    `{"metadata":{"name":"x","namespace":"a\u002fb","resourceVersion":"7"}}`,
		"metadata twice":          `{` + meta + `,` + meta + `}`,
		"metadata twice, escaped": `{` + meta + `,"m\u0065tadata":{}}`,
		"name twice":              `{"metadata":{"name":"x","name":"y","resourceVersion":"7"}}`,
		"metadata an array":       `{"metadata":[]}`,
		"invalid UTF-8":           `{` + meta + `,"a":"` + "\xff" + `"}`,
		"control character":       `{` + meta + `,"a":"` + "\x01" + `"}`,
		"bad escape":              `{` + meta + `,"a":"\x"}`,
		"bad unicode escape":      `{` + meta + `,"a":"\u12g4"}`,
		"bad literal":             `{` + meta + `,"a":tru}`,
		"bad number":              `{` + meta + `,"a":1.}`,
		"leading zero":            `{` + meta + `,"a":01}`,
		"bare minus":              `{` + meta + `,"a":-}`,
		"trailing comma":          `{` + meta + `,}`,
		"trailing comma in array": `{` + meta + `,"a":[1,]}`,
		"missing value":           `{` + meta + `,"a":}`,
		"crossed brackets":        `{` + meta + `,"a":[{]}}`,
		"10,000 arrays":           `{` + meta + `,"a":` + strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000) + `}`,
		"open arrays":             `{` + meta + `,"a":` + strings.Repeat("[", 5_000_000),
	}
	for name, raw := range tests {
		t.Run(name, func(t *testing.T) {
			if _, err := serialize.Parse([]byte(raw)); !errors.Is(err, serialize.ErrInvalid) {
				t.Errorf("got error %v, want ErrInvalid", err)
			}
		})
	}
}
