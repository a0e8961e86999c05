package httpapi

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	apiv1 "github.com/k8cache/k8cache/api/v1"
)

// TestStatusIsWhatClientsAreTold compares the status page with the types for clients, name by name.
func TestStatusIsWhatClientsAreTold(t *testing.T) {
	for ours, theirs := range map[reflect.Type]reflect.Type{
		reflect.TypeFor[StatusPage]():       reflect.TypeFor[apiv1.Status](),
		reflect.TypeFor[ClusterStatus]():    reflect.TypeFor[apiv1.ClusterStatus](),
		reflect.TypeFor[CollectionStatus](): reflect.TypeFor[apiv1.CollectionStatus](),
	} {
		if diff := cmp.Diff(jsonNames(theirs), jsonNames(ours)); diff != "" {
			t.Errorf("%s (-for clients +here):\n%s", ours.Name(), diff)
		}
	}
}

// jsonNames are the names of a type's fields in JSON; true for those that may be left out.
func jsonNames(t reflect.Type) map[string]bool {
	names := map[string]bool{}
	for field := range t.Fields() {
		name, options, _ := strings.Cut(field.Tag.Get("json"), ",")
		names[name] = strings.Contains(options, "omitempty")
	}
	return names
}
