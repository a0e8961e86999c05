package httpapi

import (
	"net/url"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// FuzzParseListOptions reads any query of a list and of a watch. What is accepted fits its own continue tokens: the same
// query has the same purpose.
func FuzzParseListOptions(f *testing.F) {
	for _, query := range []string{
		"limit=1&sortBy=-metadata.name", "fieldSelector=a[b]%3Dc", "fieldSelector=metadata.labels['x%5C,y']!%3D1,spec.nodeName%3D",
		"labelSelector=a+in+(b)&search=x&offset=3", "aggregate=a,b&continue=x", "search=%ff", "fields=a[*]&omitManagedFields=1", "resourceVersion=0&limit=2&offset=",
		"fieldSelector=a%5C%3Db%3Dc", "fieldSelector=,,%3D", "scope=strict&sortBy=",
	} {
		f.Add(query)
	}
	pods := schema.GroupResource{Resource: "pods"}
	f.Fuzz(func(t *testing.T, raw string) {
		values, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		if _, err := parseWatchOptions(pods, values); err != nil {
			_ = err.Error()
		}
		o, err := parseListOptions(pods, values)
		if err != nil || o.freshness == asUpstream {
			return
		}
		again, err := parseListOptions(pods, values)
		if err != nil || again.query.String() != o.query.String() || again.filter.String() != o.filter.String() {
			t.Fatalf("%q is read in two ways: %v", raw, err)
		}
		if o.limit < 0 || o.query.Offset < 0 || len(o.query.Aggregate) > 0 && o.limit != 0 {
			t.Fatalf("%q is a page of %d from %d on", raw, o.limit, o.query.Offset)
		}
	})
}
