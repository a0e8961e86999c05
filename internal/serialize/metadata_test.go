package serialize_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/internal/serialize"
)

// fullMetadata has all that metadata may have, as built-in resources have it; sortedMetadata the same, as custom ones do.
const (
	fullMetadata = `{"name":"a","generateName":"a-","namespace":"n","selfLink":"/s","uid":"u","resourceVersion":"7","generation":3,` +
		`"creationTimestamp":"2026-01-01T00:00:00Z","deletionTimestamp":"2026-01-02T00:00:00Z","deletionGracePeriodSeconds":0,` +
		`"labels":{"a":"1","b":"\u003c"},"annotations":{"metadata":"{\"metadata\":[]}"},` +
		`"ownerReferences":[{"apiVersion":"v1","kind":"K","name":"o","uid":"1","controller":true,"blockOwnerDeletion":false},{"apiVersion":"v1","kind":"K","name":"p","uid":"2"}],` +
		`"finalizers":["x","y"],` +
		`"managedFields":[{"manager":"m","operation":"Update","apiVersion":"v1","time":"2026-01-01T00:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:z":{},"f:a":{}}},"subresource":"status"}]}`
	sortedMetadata = `{"annotations":{"metadata":"{\"metadata\":[]}"},"creationTimestamp":"2026-01-01T00:00:00Z","deletionGracePeriodSeconds":0,"deletionTimestamp":"2026-01-02T00:00:00Z",` +
		`"finalizers":["x","y"],"generateName":"a-","generation":3,"labels":{"a":"1","b":"\u003c"},` +
		`"managedFields":[{"apiVersion":"v1","fieldsType":"FieldsV1","fieldsV1":{"f:spec":{"f:z":{},"f:a":{}}},"manager":"m","operation":"Update","subresource":"status","time":"2026-01-01T00:00:00Z"}],` +
		`"name":"a","namespace":"n","ownerReferences":[{"apiVersion":"v1","blockOwnerDeletion":false,"controller":true,"kind":"K","name":"o","uid":"1"},{"apiVersion":"v1","kind":"K","name":"p","uid":"2"}],` +
		`"resourceVersion":"7","selfLink":"/s","uid":"u"}`
)

// Both are what apimachinery makes of them: should it come to know more of metadata, this fails.
func TestMetadataAloneIsApimachinerys(t *testing.T) {
	var typed metav1.PartialObjectMetadata
	if err := json.Unmarshal([]byte(`{"metadata":`+fullMetadata+`}`), &typed); err != nil {
		t.Fatal(err)
	}
	typed.TypeMeta = metav1.TypeMeta{Kind: "PartialObjectMetadata", APIVersion: "meta.k8s.io/v1"}
	want, err := json.Marshal(typed)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		raw    string
		custom bool
	}{
		"built-in": {`{"kind":"K","apiVersion":"v1","metadata":` + fullMetadata + `,"spec":{"metadata":{}}}`, false},
		"custom":   {`{"apiVersion":"e/v1","data":{"metadata":1},"kind":"K","metadata":` + sortedMetadata + `,"spec":{}}`, true},
	} {
		o, err := serialize.Parse([]byte(test.raw))
		if err != nil {
			t.Fatal(err)
		}
		kind := serialize.Kind{Custom: test.custom}.MetadataAlone("v1")
		if diff := cmp.Diff(string(want), string(kind.AppendObject(nil, o))); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
		list := serialize.List{ResourceVersion: "9", Parts: slices.Values([]serialize.Part{
			serialize.Items([]serialize.Object{o}), serialize.Items([]serialize.Object{o, o}),
		})}
		item := string(want)
		sameList(t, list.As(kind, serialize.JSON), `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"9"},"items":[`+strings.Join([]string{item, item, item}, ",")+"]}\n")
	}
	kind := serialize.Kind{}.MetadataAlone("v1beta1")
	sameList(t, serialize.List{ResourceVersion: "9"}.As(kind, serialize.JSON),
		`{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1beta1","metadata":{"resourceVersion":"9"},"items":null}`+"\n")
}

func sameList(t *testing.T, list serialize.List, want string) {
	t.Helper()
	var got bytes.Buffer
	if err := list.Make(t.Context()); err != nil {
		t.Fatal(err)
	}
	emit(t, list.WriteTo, &got)
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Error(diff)
	}
}

// An object that was cut down to other fields has no metadata, and is still an object.
func TestMetadataAloneOfWhatHasNone(t *testing.T) {
	o, err := serialize.Parse([]byte(`{"metadata":{"name":"a","resourceVersion":"1"},"spec":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	o = o.Object([]byte(`{"spec":{}}`))
	for _, custom := range []bool{false, true} {
		kind, want := serialize.Kind{Custom: custom}.MetadataAlone("v1"), `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{}}`
		if got := string(kind.AppendObject(nil, o)); got != want {
			t.Errorf("custom %t: %s", custom, got)
		}
		list := serialize.List{Parts: slices.Values([]serialize.Part{serialize.Items([]serialize.Object{o, o})})}.As(kind, serialize.JSON)
		for part := range list.Parts {
			if got := string(part.Joined(nil)); got != want+","+want {
				t.Errorf("custom %t: in a list %s", custom, got)
			}
		}
	}
}

// FuzzMetadataAlone takes whatever Parse takes: what comes of it must be the object's metadata, and nothing else of it.
func FuzzMetadataAlone(f *testing.F) {
	for _, raw := range []string{
		`{"metadata":` + fullMetadata + `}`, `{"apiVersion":"e/v1","kind":"K","metadata":` + sortedMetadata + `}`,
		`{ "a" : [ ] , "metadata" : { "ownerReferences" : [ { } , 1 ] , "name":"a","resourceVersion":"1" } }`, `{"m\u0065tadata":{"name":"a","resourceVersion":"1","finalizers":null}}`,
	} {
		f.Add([]byte(raw))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		o, err := serialize.Parse(raw)
		if err != nil {
			t.Skip()
		}
		for _, custom := range []bool{false, true} {
			kind := serialize.Kind{Custom: custom}.MetadataAlone("v1")
			one := kind.AppendObject(nil, o)
			var whole, alone struct{ Metadata any }
			if err := json.Unmarshal(one, &alone); err != nil {
				t.Fatalf("custom %t: %v in %s", custom, err, one)
			}
			if err := json.Unmarshal(o.Bytes(), &whole); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(whole.Metadata, alone.Metadata); diff != "" {
				t.Errorf("custom %t:\n%s", custom, diff)
			}
			two := serialize.Items([]serialize.Object{o, o})
			list := serialize.List{Parts: slices.Values([]serialize.Part{two})}.As(kind, serialize.JSON)
			for part := range list.Parts {
				if got, want := string(part.Joined(nil)), string(one)+","+string(one); got != want {
					t.Errorf("custom %t: %s\nand in a list %s", custom, want, got)
				}
			}
		}
	})
}
