package httpapi

import (
	"cmp"
	"strings"

	"github.com/tidwall/gjson"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/selection"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// matcher tells which objects a request's selectors pick. The zero value picks all.
type matcher struct {
	labels labels.Selector
	fields []fieldTerm
}

// fieldTerm is one requirement of a field selector.
type fieldTerm struct {
	fieldSource
	equal bool
	value string
}

// fieldSource says where an object's field stands in its JSON.
type fieldSource struct {
	path    string // of gjson; "" for name and namespace, which need no look into the bytes
	own     func(serialize.Ref) string
	missing string // the value where there is none
}

// newMatcher reads selectors for a resource. A field may be any path; those an API server selects by mean what they
// mean there, the value where it leaves one out included.
func newMatcher(gr schema.GroupResource, l labels.Selector, f fields.Selector) matcher {
	m := matcher{labels: l}
	for _, r := range f.Requirements() {
		m.fields = append(m.fields, fieldTerm{
			fieldSource: sourceOf(gr, r.Field), equal: r.Operator != selection.NotEquals, value: r.Value,
		})
	}
	return m
}

func sourceOf(gr schema.GroupResource, field string) fieldSource {
	switch field {
	case "metadata.name":
		return fieldSource{own: serialize.Ref.Name}
	case "metadata.namespace":
		return fieldSource{own: serialize.Ref.Namespace}
	}
	path, missing := field, ""
	// Fields that API servers derive (GetAttrs in pkg/registry/GROUP/TYPE/strategy.go of k8s.io/kubernetes).
	switch gr.String() + " " + field {
	case "pods spec.host":
		path = "spec.nodeName"
	case "pods spec.hostNetwork", "nodes spec.unschedulable":
		missing = "false"
	case "replicationcontrollers status.replicas":
		missing = "0"
	case "jobs.batch status.successful":
		path, missing = "status.succeeded", "0"
	case "events source":
		path = "source.component"
	case "pods status.podIP":
		path = "status.podIPs.0.ip"
	}
	return fieldSource{path: gjsonPath(path), missing: missing}
}

// gjsonPath escapes what a caller wrote, so that gjson reads nothing but plain fields: "*", "#" and "@" mean more to it.
func gjsonPath(field string) string {
	parts := strings.Split(field, ".")
	for i, part := range parts {
		parts[i] = gjson.Escape(part)
	}
	return strings.Join(parts, ".")
}

// everything says that nothing is selected: whatever lies in the namespace is picked.
func (m matcher) everything() bool {
	return (m.labels == nil || m.labels.Empty()) && len(m.fields) == 0
}

// paths are the columns that match looks at: labels first, then one for each field that stands in the bytes.
func (m matcher) paths() []string {
	paths := []string{store.LabelsPath}
	for _, f := range m.fields {
		if f.own == nil {
			paths = append(paths, f.path)
		}
	}
	return paths
}

// pick cuts a view down to what is picked, reading columns that the leaves remember.
func (m matcher) pick(view store.View) store.View {
	if m.everything() {
		return view
	}
	return view.Select(func(row store.Row) bool {
		return m.matches(row.Ref(), row.Value)
	}, m.paths()...)
}

// picks says whether one object is picked.
func (m matcher) picks(object serialize.Object) bool {
	paths := m.paths()
	return m.matches(object.Ref, func(i int) gjson.Result { return gjson.GetBytes(object.Bytes(), paths[i]) })
}

func (m matcher) matches(ref serialize.Ref, value func(int) gjson.Result) bool {
	if m.labels != nil && !m.labels.Empty() && !m.labels.Matches(store.LabelsOf(value(0))) {
		return false
	}
	column := 1
	for _, f := range m.fields {
		var have string
		if f.own != nil {
			have = f.own(ref)
		} else {
			have = cmp.Or(value(column).String(), f.missing)
			column++
		}
		if (have == f.value) != f.equal {
			return false
		}
	}
	return true
}
