package httpapi

import (
	"net/http"
	"slices"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// The kinds of reads that are told apart.
var (
	listPods    = read{object: object{GroupVersionResource: schema.GroupVersionResource{Version: "v1", Resource: "pods"}}}
	getPod      = read{object: object{GroupVersionResource: listPods.GroupVersionResource, namespace: "a", name: "b"}}
	watchPods   = read{object: listPods.object, watch: true}
	listWidgets = read{object: object{GroupVersionResource: schema.GroupVersionResource{Group: "example.com", Version: "v1", Resource: "widgets"}}}
)

// The forms that headers below ask for.
var (
	asJSON     = form{mediaType: jsonType}
	asPretty   = form{mediaType: jsonType, pretty: true}
	asYAML     = form{mediaType: yamlType}
	asProtobuf = form{mediaType: protobufType}
	asCBOR     = form{mediaType: cborType}
	asTable    = form{mediaType: jsonType, shape: table, version: "v1"}
	asMetadata = form{mediaType: jsonType, shape: metadata, version: "v1"}
)

const (
	tableV1      = "application/json;as=Table;v=v1;g=meta.k8s.io"
	tableV1beta1 = "application/json;as=Table;v=v1beta1;g=meta.k8s.io"
	metadataOne  = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
	metadataList = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
)

func TestFormsOf(t *testing.T) {
	tableBeta, metadataYAML := form{jsonType, table, "v1beta1", false}, form{yamlType, metadata, "v1", false}
	protobufMeta := form{protobufType, metadata, "v1", false}
	for _, test := range []struct {
		accept string
		read   read
		want   forms // nil: refused
	}{
		{"", listPods, forms{asJSON}},
		{"*/*", listPods, forms{asJSON}},
		{"application/json", listPods, forms{asJSON}},
		{"application/json;charset=utf-8", listPods, forms{asJSON}},
		{"application/json;foo=bar", listPods, forms{asJSON}},
		{"application/json;pretty=1", listPods, forms{asPretty}},
		{"application/json;pretty=true", listPods, forms{asJSON}},
		{"application/json;q=0", listPods, forms{asJSON}},
		{"text/html,*/*;q=0.8", listPods, forms{asJSON}},
		{"application/yaml", listPods, forms{asYAML}},
		{"application/yaml;q=0.5,application/json", listPods, forms{asJSON, asYAML}},
		{"application/json;q=0.5,application/yaml", listPods, forms{asYAML, asJSON}},
		{"*/*,application/yaml", listPods, forms{asYAML, asJSON}}, // the more exact first
		{"application/vnd.kubernetes.protobuf,application/json", listPods, forms{asProtobuf, asJSON}},
		{"application/cbor,application/json", listPods, forms{asCBOR, asJSON}},
		{tableV1 + "," + tableV1beta1 + ",application/json", listPods, forms{asTable, tableBeta, asJSON}},
		{tableV1, getPod, forms{asTable}},
		{tableV1, watchPods, forms{asTable}},

		{metadataList, listPods, forms{asMetadata}},
		{metadataOne, getPod, forms{asMetadata}},
		{metadataOne, watchPods, forms{asMetadata}},
		{"application/yaml;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1", listPods, forms{metadataYAML}},
		{"*/*;as=PartialObjectMetadata;g=meta.k8s.io;v=v1", getPod, forms{asMetadata}},
		{"application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v2,application/json", getPod, forms{asJSON}},
		{"application/json;as=PartialObjectMetadata;g=meta.k8s.io,application/json", getPod, forms{asJSON}},
		{"application/json;v=v1", getPod, nil},
		{"application/json;as=Nonsense;g=meta.k8s.io;v=v1", listPods, nil},
		{"application/vnd.kubernetes.protobuf;as=Table;g=meta.k8s.io;v=v1,application/json", listPods, forms{asJSON}},
		{"application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1," + metadataOne, watchPods, forms{protobufMeta, asMetadata}},

		// Accepted, and refused while answering: what comes after is not looked at.
		{metadataOne + ",application/json", listPods, nil},
		{metadataList + ",application/json", getPod, nil},
		{metadataList, watchPods, nil},
		{"application/yaml,application/json;q=0.5", watchPods, nil},
		{"application/json," + metadataOne, listPods, forms{asJSON}},
		{"application/vnd.kubernetes.protobuf,application/yaml;q=0.9,*/*;q=0.1", watchPods, forms{asProtobuf, asJSON}},

		{"application/json;stream=watch", listPods, forms{asJSON}},
		{"application/json;stream=watch", watchPods, forms{asJSON}},
		{"application/yaml;stream=watch,application/json", watchPods, forms{asJSON}},
		{"application/json;stream=foo", watchPods, nil},
		{"application/json;sv=1", listPods, nil},
		{"application/json;sv=v1", listPods, forms{asJSON}},

		{"text/html", listPods, nil},
		{"application/xml", listPods, nil},
		{"APPLICATION/JSON", listPods, nil},
		{"application/*", listPods, nil},
		{"*", listPods, nil},
		{"application/*,application/json;q=0.5", listPods, forms{asJSON, asJSON}},
		{"nonsense", listPods, nil},
		{",", listPods, nil},

		{"application/*", listWidgets, forms{asJSON}},
		{"*", listWidgets, forms{asJSON}},
		{"text/html", listWidgets, nil},
		{"application/vnd.kubernetes.protobuf", listWidgets, nil},
		{"application/vnd.kubernetes.protobuf,application/json", listWidgets, forms{asJSON}},
		{"application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json", listWidgets, forms{protobufMeta, asJSON}},
	} {
		got, ok := formsOf(test.accept, false, test.read)
		if ok != (test.want != nil) || ok && !slices.Equal(got, test.want) {
			t.Errorf("%s as %q: got %v %t, want %v", test.read.verb(), test.accept, got, ok, test.want)
		}
	}
}

// An error is read once more: what the answer would have been converted to is no form for a Status.
func TestStatusForm(t *testing.T) {
	for accept, want := range map[string]form{
		"":                                    asJSON,
		"*/*":                                 asJSON,
		"application/*":                       asJSON,
		"application/json;pretty=1":           asPretty,
		"application/yaml":                    asYAML,
		"application/vnd.kubernetes.protobuf": asProtobuf,
		metadataOne:                           asPretty, // nothing will do
		metadataOne + ",application/yaml":     asYAML,
		tableV1 + ",application/json":         asJSON,
		"application/json;sv=v1":              asPretty,
		"application/json;stream=watch":       asJSON,
		"application/yaml;stream=watch":       asPretty,
		"application/cbor":                    asPretty,
		"text/html":                           asPretty,
		"text/html,*/*;q=0.8":                 asJSON,
	} {
		if got := statusForm(accept, false); got != want {
			t.Errorf("%q: got %v, want %v", accept, got, want)
		}
	}
}

func TestChooseForWhoSeesAllAndForWhoSeesAPart(t *testing.T) {
	for _, test := range []struct {
		forms     forms
		all, part form // zero: not from memory
	}{
		{forms{asJSON}, asJSON, asJSON},
		{forms{asJSON, asProtobuf}, asJSON, asJSON},
		{forms{asProtobuf, asJSON}, form{}, asJSON},
		{forms{asTable, asCBOR, asPretty}, asTable, asTable},
		{forms{asProtobuf, asTable}, form{}, asTable},
	} {
		if got, ok := test.forms.choose(true); got != test.all || ok != (got != form{}) {
			t.Errorf("%v for who sees all: got %v %t", test.forms, got, ok)
		}
		if got, ok := test.forms.choose(false); got != test.part || ok != (got != form{}) {
			t.Errorf("%v for who sees a part: got %v %t", test.forms, got, ok)
		}
	}
}

// FuzzFormsOf holds what must be true of whatever a client sends: nothing is found that no API server answers.
func FuzzFormsOf(f *testing.F) {
	for _, accept := range []string{"", "*/*", "application/json;q=0.5, application/yaml", tableV1 + "," + metadataOne, "a/b/c;;=,", "*;q=x"} {
		f.Add(accept, false, false)
	}
	f.Fuzz(func(t *testing.T, accept string, named, watched bool) {
		want := read{object: listPods.object, watch: watched}
		if named {
			want = getPod
		}
		found, ok := formsOf(accept, false, want)
		if status := statusForm(accept, false); status.shape != whole || status.mediaType == cborType {
			t.Errorf("no Status is %+v", status)
		}
		if ok != (len(found) > 0) {
			t.Fatalf("ok is %t with %v", ok, found)
		}
		for _, form := range found {
			if form.version == "" != (form.shape == whole) || form.pretty && form.mediaType != jsonType {
				t.Errorf("%+v is no form", form)
			}
			if want.watch && form.mediaType == yamlType || form.shape == table && form.mediaType == protobufType {
				t.Errorf("no API server answers %+v", form)
			}
		}
	})
}

func TestTakesGzipOnlyForTheBareToken(t *testing.T) {
	for encoding, want := range map[string]bool{
		"gzip": true, "deflate, gzip": true, " gzip ": true, "gzip;q=0.5": false, "*": false, "GZIP": false, "": false,
	} {
		if got := takesGzip(http.Header{"Accept-Encoding": {encoding}}); got != want {
			t.Errorf("Accept-Encoding %q: got %v, want %v", encoding, got, want)
		}
	}
}

func TestWantsPretty(t *testing.T) {
	for _, test := range []struct {
		query, agent string
		want         bool
	}{
		{"", "curl/8.1", true},
		{"", "Wget/1", true},
		{"", "Mozilla/5.0 (X11)", true},
		{"", "kubectl/v1.37", false},
		{"pretty=true", "kubectl", true},
		{"pretty=1", "kubectl", true},
		{"pretty=false", "curl/8", false},
		{"pretty=nonsense", "curl/8", false},
		{"pretty=", "curl/8", true},
	} {
		r := get("/api/v1/pods?" + test.query)
		r.Header.Set("User-Agent", test.agent)
		if got := wantsPretty(r, r.URL.Query()); got != test.want {
			t.Errorf("%q with %q: got %v, want %v", test.query, test.agent, got, test.want)
		}
	}
}
