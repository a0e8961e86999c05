package httpapi

import (
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/internal/informers/store"
)

// page is one page of a list.
type page struct {
	store.View
	last      string // the last key that was looked at, where keys are left to look at
	remaining *int64
}

// cut takes the first page of what is left of a view. As with an API server, a selected list goes on while keys are
// left, though none of them may match, and counts what remains only where nothing is selected.
func cut(view store.View, pick matcher, limit int64) page {
	if limit == 0 || int64(view.Len()) <= limit && pick.everything() {
		return page{View: pick.pick(view)}
	}
	if pick.everything() {
		first := view.Limit(int(limit))
		remaining := int64(view.Len()) - limit
		return page{View: first, last: lastKey(first), remaining: &remaining}
	}
	picked := pick.pick(view)
	if int64(picked.Len()) < limit {
		return page{View: picked}
	}
	picked = picked.Limit(int(limit))
	last := lastKey(picked)
	if view.After(last).Len() == 0 {
		last = ""
	}
	return page{View: picked, last: last}
}

func lastKey(view store.View) string {
	var last string
	for ref := range view.Refs() {
		last = ref.Key()
	}
	return last
}

// place is where a list goes on: the start of a token, without the collection's prefix.
func (r read) place(last string) string {
	if r.namespace != "" {
		last = strings.TrimPrefix(last, r.namespace+"/")
	}
	return last + "\x00"
}

// key is the last key that the pages before a token have.
func (r read) key(start string) string {
	key := strings.TrimSuffix(strings.TrimPrefix(start, "/"), "\x00")
	if r.namespace != "" {
		key = r.namespace + "/" + key
	}
	return key
}

// purpose is what a continue token is bound to: whose it is, and of which list. Changed rights do not void it: the next
// page is cut to the new ones.
func (s *sight) purpose(o listOptions) []string {
	return append([]string{
		s.cluster, s.Group, s.Version, s.Resource, s.namespace, o.labels.String(), o.fields.String(),
	}, s.user.Identity()...)
}

// expired is the API server's answer to a token whose version is no longer held, with a token that goes on from the
// same place in the newest state (handleCompactedErrorForPaging in k8s.io/apiserver).
func expired(goOn string) error {
	err := apierrors.NewResourceExpired("The provided continue parameter is too old to display a consistent list result. " +
		"You can start a new list without the continue parameter, or use the continue token in this response to retrieve " +
		"the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that " +
		"were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.")
	err.ErrStatus.ListMeta = metav1.ListMeta{Continue: goOn}
	return err
}

func versionExpired() error {
	return apierrors.NewResourceExpired("The resourceVersion for the provided list is too old.")
}
