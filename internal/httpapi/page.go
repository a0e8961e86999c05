package httpapi

import (
	"iter"
	"slices"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/internal/httpapi/query"
	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// page is one page of a list.
type page struct {
	view      store.View
	objects   []serialize.Object // instead of the view, where they are not in the order of keys
	last      string             // the last key that was looked at, where keys are left to look at
	remaining *int64
}

// pick takes the page that is asked for of what a caller may see.
func pick(view store.View, snapshot *store.Snapshot, o listOptions, after string) (page, error) {
	switch {
	case len(o.query.Order) > 0:
		return sorted(o.filter.Match(view), snapshot, o, after)
	case after != "":
		view = view.After(after)
	}
	if o.query.Adds() {
		return counted(picked(view, o.filter), o), nil
	}
	return cut(view, o.filter, o.limit), nil
}

// picked is what a filter leaves of a view.
func picked(view store.View, filter query.Filter) store.View {
	if filter.Everything() {
		return view
	}
	return filter.Match(view).View()
}

// cut takes the first page of what is left of a view. As with an API server, a selected list goes on while keys are
// left, though none of them may match, and counts what remains only where nothing is selected.
func cut(view store.View, filter query.Filter, limit int64) page {
	all := filter.Everything()
	if limit == 0 || int64(view.Len()) <= limit && all {
		return page{view: picked(view, filter)}
	}
	if all {
		return counted(view, listOptions{limit: limit})
	}
	matches := picked(view, filter)
	if int64(matches.Len()) < limit {
		return page{view: matches}
	}
	matches = matches.Limit(int(limit))
	last := lastKey(matches)
	if view.After(last).Len() == 0 {
		last = ""
	}
	return page{view: matches, last: last}
}

// counted takes a page of a view, and knows what remains. The page after one that was asked for by its offset is asked
// for by its offset too.
func counted(view store.View, o listOptions) page {
	view = view.Skip(int(min(o.query.Offset, int64(view.Len()))))
	if o.limit == 0 || int64(view.Len()) <= o.limit {
		return page{view: view}
	}
	remaining := int64(view.Len()) - o.limit
	p := page{view: view.Limit(int(o.limit)), remaining: &remaining}
	if !o.query.HasOffset {
		p.last = lastKey(p.view)
	}
	return p
}

// sorted takes a page in the order asked for, after the object with a key if there is one.
func sorted(matches query.Matches, snapshot *store.Snapshot, o listOptions, after string) (page, error) {
	place := query.Place{Offset: o.query.Offset}
	if after != "" {
		namespace, name, found := strings.Cut(after, "/")
		if !found {
			namespace, name = "", after
		}
		last, ok := snapshot.Get(namespace, name)
		if !ok {
			return page{}, versionExpired()
		}
		place.After = &last
	}
	made := matches.Page(o.query.Order, place, o.limit)
	p := page{objects: made.Objects}
	if made.Remaining > 0 {
		remaining := int64(made.Remaining)
		p.remaining = &remaining
		if !o.query.HasOffset {
			p.last = made.Objects[len(made.Objects)-1].Key()
		}
	}
	return p, nil
}

// len is the number of items.
func (p page) len() int { return max(p.view.Len(), len(p.objects)) }

// parts are the items, with what the query leaves of each.
func (p page) parts(q query.Query) iter.Seq[serialize.Part] {
	switch {
	case p.objects == nil && q.Fields.Everything() && q.Slim:
		return p.view.SlimParts()
	case p.objects == nil && q.Fields.Everything():
		return p.view.Parts()
	case p.objects == nil:
		return slices.Values(q.Fields.Parts(p.view, q.Slim))
	}
	objects := make([]serialize.Object, len(p.objects))
	for i, o := range p.objects {
		objects[i] = q.Item(o)
	}
	return slices.Values([]serialize.Part{serialize.Items(objects)})
}

// fingerprint stands for the items; for what remains too, where that is more than the caller can tell from a version.
func (p page) fingerprint(q query.Query) uint64 {
	sum := p.view.Fingerprint()
	for _, o := range p.objects {
		sum += o.Fingerprint()
	}
	return sum + p.rest(q)
}

// rest is the part of a fingerprint that stands for what remains.
func (p page) rest(q query.Query) uint64 {
	if !q.Adds() || p.remaining == nil {
		return 0
	}
	return uint64(*p.remaining) * 0x9e3779b97f4a7c15 //nolint:gosec // a count
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
		s.cluster, s.Group, s.Version, s.Resource, s.namespace, o.labels.String(), o.fields.String(), o.query.String(),
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
