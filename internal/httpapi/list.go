package httpapi

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/cespare/xxhash/v2"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// list answers with the part of a collection that the caller may see.
func (a *api) list(w http.ResponseWriter, r *http.Request, c *Cluster, want read) error {
	options, err := parseListOptions(want.GroupResource(), want.query)
	if err != nil {
		return err
	}
	if err := a.searchable(options); err != nil {
		return err
	}
	if options.freshness == asUpstream {
		return a.upstream(w, r, c, want, options)
	}
	see, err := a.see(w, r, c, want, options)
	if err != nil || see == nil {
		return err
	}
	defer see.leave()
	answer, err := a.pageOf(r, see, options)
	switch {
	case see.passesOn(err):
		return a.forward(w, r, c)
	case errors.Is(err, errNotHeld):
		return versionExpired()
	case err != nil:
		return err
	}
	return see.answer(w, r, c, answer.fingerprint, answer.makes)
}

// answer is what a list was asked for.
type answer struct {
	fingerprint uint64 // stands for the content
	makes       func() (body, error)
}

// errNotHeld says that a version is not in memory any more, or never was.
var errNotHeld = errors.New("the version is not held")

// pageOf finds the state and the place of a list, and makes the answer from there.
func (a *api) pageOf(r *http.Request, see *sight, o listOptions) (answer, error) {
	freshness, version, after := o.freshness, o.version, ""
	if o.token != "" {
		at, err := a.tokens.open(o.token, see.purpose(o))
		if errors.Is(err, errForeignToken) {
			return answer{}, errNotHeld
		}
		if err != nil {
			return answer{}, err
		}
		after = see.key(at.Start)
		if at.Revision != inconsistent {
			freshness, version = exactly, uint64(at.Revision) //nolint:gosec // sealed by ourselves
		}
	}
	snapshot, err := see.snapshot(r.Context(), freshness, version)
	if err != nil {
		return answer{}, err
	}
	sorted := len(o.query.Order) > 0 // what a key leads to may have moved since
	if snapshot == nil && o.token != "" && !see.scope.All() && !sorted {
		return answer{}, expired(a.tokens.seal(inconsistent, see.place(after), see.purpose(o)))
	}
	if snapshot == nil {
		return answer{}, errNotHeld
	}
	if len(o.query.Aggregate) > 0 {
		return countsOf(r, see, o, snapshot)
	}
	return a.listOf(r, see, o, snapshot, after)
}

// listOf cuts a snapshot to the scope, the filter and the page.
func (a *api) listOf(r *http.Request, see *sight, o listOptions, snapshot *store.Snapshot, after string) (answer, error) {
	page, err := pick(see.scope.Select(snapshot), snapshot, o, after)
	if err != nil {
		return answer{}, err
	}
	recordOf(r.Context()).items = page.len()
	list := serialize.List{
		ResourceVersion:    strconv.FormatUint(snapshot.ResourceVersion(), 10),
		RemainingItemCount: page.remaining, Parts: page.parts(o.query),
	}
	// An API server looks a single key up and knows that nothing follows.
	if one := o.name() != "" && (see.namespace != "" || !see.namespaced); page.last != "" && !one {
		see.collection.Hold(snapshot)
		list.Continue = a.tokens.seal(int64(snapshot.ResourceVersion()), see.place(page.last), see.purpose(o)) //nolint:gosec // below 2^63
	}
	list = list.As(see.kind, see.form.text())
	fingerprint := page.fingerprint(o.query)
	if see.form.shape == table { // it runs with time: it is made to be known
		if err := list.Make(r.Context()); err != nil {
			return answer{}, notWritable(err)
		}
		fingerprint = list.Sum() + page.rest(o.query)
	}
	if list.Continue != "" {
		fingerprint += xxhash.Sum64String(list.ResourceVersion) // a page kept by the client would lead on into a version no longer held
	}
	return answer{fingerprint, func() (body, error) { return listBody(r, list) }}, nil
}
