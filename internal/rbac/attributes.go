package rbac

import (
	"strconv"

	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"
)

// Attributes is what a caller asks for, as the API server's RequestInfo reads it from path and query. The fields
// mean what they mean there: for an object of kind Namespace, Namespace is its own name, and Name of a list or watch
// is the value of the field selector metadata.name=.
type Attributes struct {
	Verb        string
	Group       string
	Version     string
	Resource    string
	Subresource string
	Namespace   string
	Name        string

	// Namespaced says that objects of the resource live in namespaces. Only then can a RoleBinding show a part of
	// a list across namespaces; the zero value shows less.
	Namespaced bool

	// FieldSelector and LabelSelector are for authorizers that judge by selector (KEP-4601); RBAC ignores them.
	// They must be those that the answer is really filtered by.
	FieldSelector fields.Requirements
	LabelSelector labels.Requirements
}

// isNamespaceObject reports whether Namespace and Name are two names of one object: kind Namespace, which the API
// server authorizes within itself although it lives in none.
func (a Attributes) isNamespaceObject() bool {
	return a.Group == "" && a.Resource == "namespaces" && a.Namespace == a.Name && a.Name != ""
}

// isCollection reports whether the answer is a list or a stream, of which a part can be shown.
func (a Attributes) isCollection() bool { return a.Verb == "list" || a.Verb == "watch" }

// question returns the part that rules are matched against.
func (a Attributes) question() question {
	return question{verb: a.Verb, group: a.Group, resource: a.Resource, subresource: a.Subresource}
}

// misplaced reports whether the path names a namespace for a resource that lives in none. The API server has no such
// path; a grant in that namespace must not open the resource.
func (a Attributes) misplaced() bool {
	return !a.Namespaced && a.Namespace != "" && !a.isNamespaceObject()
}

// fields returns everything that an authorizer may look at, for a cache key.
func (a Attributes) fields() []string {
	fields := []string{
		a.Verb, a.Group, a.Version, a.Resource, a.Subresource, a.Namespace, a.Name,
		strconv.FormatBool(a.Namespaced), length(len(a.FieldSelector)),
	}
	for _, r := range a.FieldSelector {
		fields = append(fields, r.Field, string(r.Operator), r.Value)
	}
	for _, r := range a.LabelSelector {
		fields = append(fields, r.String())
	}
	return fields
}
