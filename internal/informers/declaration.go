package informers

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"time"

	"github.com/tidwall/gjson"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/jsonpath"

	"github.com/k8cache/k8cache/internal/serialize"
)

// declaration is what a CustomResourceDefinition declares to be printed of one version.
type declaration struct {
	// text is its additionalPrinterColumns as JSON; empty where it declares none.
	text string
	// by is the definition.
	by serialize.Ref
}

// declared reads what a definition declares.
func declared(definition serialize.Object, version string) *declaration {
	d := &declaration{by: definition.Ref}
	gjson.GetBytes(definition.Bytes(), "spec.versions").ForEach(func(_, v gjson.Result) bool {
		if v.Get("name").String() != version {
			return true
		}
		d.text = v.Get("additionalPrinterColumns").Raw
		return false
	})
	return d
}

// same says whether two resources print the same; neither need be a custom one.
func (d *declaration) same(other *declaration) bool {
	return (d == nil) == (other == nil) && (d == nil || d.text == other.text)
}

// columns are those that it declares, behind the name.
func (d *declaration) columns() []gjson.Result {
	if columns := gjson.Parse(d.text).Array(); len(columns) > 0 {
		return columns
	}
	return gjson.Parse(`[{"name":"Age","type":"date","jsonPath":".metadata.creationTimestamp"}]`).Array()
}

// complete adds to a table's columns since when they run. It fails where the columns are not those declared: the API
// server that was asked has not heard of the declaration yet, or has heard of another since.
func (d *declaration) complete(columns []column, definitions gjson.Result) error {
	if d == nil {
		return fmt.Errorf("%w: its definition cannot be read", errUnfit)
	}
	declared := d.columns()
	printed := definitions.Array()
	if len(printed) != len(declared)+1 {
		return fmt.Errorf("%w: %d columns are printed, %d declared", errOutdated, len(printed), len(declared)+1)
	}
	columns[0].examined = true
	for i, c := range declared {
		is := printed[i+1]
		if is.Get("name").String() != c.Get("name").String() || is.Get("type").String() != c.Get("type").String() {
			return fmt.Errorf("%w: column %d is not printed as it is declared", errOutdated, i+1)
		}
		to := &columns[i+1]
		to.examined = true
		if c.Get("type").String() != "date" {
			continue
		}
		var err error
		if to.since, err = atPath(c.Get("jsonPath").String()); err != nil {
			return fmt.Errorf("%w: column %d: %w", errUnfit, i+1, err)
		}
	}
	return nil
}

// plainPath is a JSONPath of nothing but fields.
var plainPath = regexp.MustCompile(`^(\.[A-Za-z_][A-Za-z0-9_-]*)+$`)

// atPath reads the time at a JSONPath as tableconvertor.go of k8s.io/apiextensions-apiserver does.
func atPath(path string) (func(gjson.Result) time.Time, error) {
	if plainPath.MatchString(path) {
		return at(path[1:]), nil
	}
	parsed := jsonpath.New("column").AllowMissingKeys(true)
	if err := parsed.Parse("{" + path + "}"); err != nil {
		return nil, err
	}
	return func(object gjson.Result) time.Time {
		var decoded map[string]any
		if json.Unmarshal([]byte(object.Raw), &decoded) != nil {
			return time.Time{}
		}
		found, err := parsed.FindResults(decoded)
		if err != nil || len(found) == 0 || len(found[0]) == 0 {
			return time.Time{}
		}
		text, _ := reflect.TypeAssert[string](found[0][0])
		var t metav1.Time
		if t.UnmarshalQueryParameter(text) != nil {
			return time.Time{}
		}
		return t.Time
	}, nil
}
