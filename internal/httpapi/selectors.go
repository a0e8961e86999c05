package httpapi

import (
	"fmt"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/selection"

	"github.com/k8cache/k8cache/internal/httpapi/query"
)

// filterOf reads the selectors and the search of a request for a resource. A field may be any path; those an API server
// selects by mean what they mean there, the value where it leaves one out included.
func filterOf(gr schema.GroupResource, o listOptions) (query.Filter, error) {
	requirements := o.fields.Requirements()
	if err := query.CheckConditions(len(requirements)); err != nil {
		return query.Filter{}, apierrors.NewBadRequest("fieldSelector: " + err.Error())
	}
	conditions := make([]query.Condition, len(requirements))
	for i, r := range requirements {
		field, missing := fieldOf(gr, r)
		var err error
		conditions[i], err = query.ParseCondition(field, r.Value, r.Operator == selection.NotEquals, missing)
		if err != nil {
			return query.Filter{}, apierrors.NewBadRequest(fmt.Sprintf("fieldSelector: in field %d: %s", i+1, err))
		}
	}
	return query.NewFilter(o.labels, conditions, o.query.Words), nil
}

// derived says whether a field is selected by that an API server makes of two: an event's source is its component or else
// its reporting controller. Here it is the former alone, which is for those whom the API server would refuse.
func (o listOptions) derived(gr schema.GroupResource) bool {
	return gr.String() == "events" && o.fields != nil && slices.ContainsFunc(o.fields.Requirements(), func(r fields.Requirement) bool {
		return r.Field == "source"
	})
}

// fieldOf is where a field stands, and what it is where it is missing: API servers derive some (GetAttrs in
// pkg/registry/GROUP/TYPE/strategy.go of k8s.io/kubernetes).
func fieldOf(gr schema.GroupResource, r fields.Requirement) (path, missing string) {
	switch gr.String() + " " + r.Field {
	case "pods spec.host":
		return "spec.nodeName", ""
	case "pods spec.hostNetwork", "nodes spec.unschedulable":
		return r.Field, "false"
	case "replicationcontrollers status.replicas":
		return r.Field, "0"
	case "jobs.batch status.successful":
		return "status.succeeded", "0"
	case "events source":
		return "source.component", ""
	case "pods status.podIP":
		return "status.podIPs[0].ip", ""
	}
	return r.Field, ""
}
