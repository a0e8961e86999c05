package httpapi

import (
	"encoding/json"
	"net/http"
	"strconv"

	"github.com/cespare/xxhash/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	apiv1 "github.com/k8cache/k8cache/api/v1"
	"github.com/k8cache/k8cache/internal/informers/store"
)

// countsOf counts what the caller may see of a snapshot.
func countsOf(r *http.Request, see *sight, o listOptions, snapshot *store.Snapshot) (answer, error) {
	matches := o.filter.Match(see.scope.Select(snapshot))
	list := apiv1.AggregateList{
		TypeMeta: metav1.TypeMeta{Kind: apiv1.AggregateListKind, APIVersion: apiv1.APIVersion},
		Count:    matches.Len(),
		Items:    make([]apiv1.Aggregate, len(o.query.Aggregate)),
	}
	for i, path := range o.query.Aggregate {
		counts := matches.Count(path)
		item := apiv1.Aggregate{Path: path.String(), Missing: counts.Without, OmittedValues: counts.Left, Values: make([]apiv1.AggregateValue, len(counts.Values))}
		for n, c := range counts.Values {
			item.Values[n] = apiv1.AggregateValue{Value: json.RawMessage(c.Value), Count: c.Objects}
		}
		list.Items[i] = item
	}
	unversioned, err := json.Marshal(list)
	if err != nil {
		return answer{}, err
	}
	list.Metadata.ResourceVersion = strconv.FormatUint(snapshot.ResourceVersion(), 10)
	versioned, err := json.Marshal(list)
	if err != nil {
		return answer{}, err
	}
	return answer{xxhash.Sum64(unversioned), func() (body, error) { return see.document(r, versioned) }}, nil
}
