package httpapi

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/serialize"
)

// list answers with the part of a collection that the caller may see.
func (a *api) list(w http.ResponseWriter, r *http.Request, c *Cluster, want read) error {
	options, err := parseListOptions(want.query)
	if err != nil {
		return err
	}
	if options.freshness == asUpstream {
		return a.forward(w, r, c)
	}
	see, err := a.see(w, r, c, want, options)
	if err != nil || see == nil {
		return err
	}
	defer see.leave()
	list, fingerprint, err := a.pageOf(r, see, options)
	switch {
	case errors.Is(err, errNotHeld) && see.scope.All(): // etcd may still know that version
		return a.forward(w, r, c)
	case errors.Is(err, errNotHeld):
		return versionExpired()
	case err != nil:
		return err
	}
	if !c.Authorizer.Current(r.Context(), see.scope) {
		return errRightsMoved
	}
	return see.writeList(w, r, list, fingerprint)
}

// errNotHeld says that a version is not in memory any more, or never was.
var errNotHeld = errors.New("the version is not held")

// pageOf makes the page of a list that the options ask for, and what stands for its items.
func (a *api) pageOf(r *http.Request, see *sight, o listOptions) (list serialize.List, fingerprint uint64, err error) {
	freshness, version, after := o.freshness, o.version, ""
	if o.token != "" {
		at, err := a.tokens.open(o.token, see.purpose(o))
		if errors.Is(err, errForeignToken) {
			return list, 0, errNotHeld
		}
		if err != nil {
			return list, 0, err
		}
		after = see.key(at.Start)
		if at.Revision != inconsistent {
			freshness, version = exactly, uint64(at.Revision) //nolint:gosec // sealed by ourselves
		}
	}
	snapshot, err := see.snapshot(r.Context(), freshness, version)
	if err != nil {
		return list, 0, err
	}
	if snapshot == nil && o.token != "" && !see.scope.All() {
		return list, 0, expired(a.tokens.seal(inconsistent, see.place(after), see.purpose(o)))
	}
	if snapshot == nil {
		return list, 0, errNotHeld
	}
	list, fingerprint = a.listOf(r, see, o, snapshot, after)
	return list, fingerprint, nil
}

// listOf cuts a snapshot to the scope, the selectors and the page.
func (a *api) listOf(r *http.Request, see *sight, o listOptions, snapshot *store.Snapshot, after string) (serialize.List, uint64) {
	view := see.scope.Select(snapshot)
	if after != "" {
		view = view.After(after)
	}
	page := cut(view, newMatcher(see.GroupResource(), o.labels, o.fields), o.limit)
	recordOf(r.Context()).items = page.Len()
	list := serialize.List{
		Kind: see.collection.Kind, ResourceVersion: strconv.FormatUint(snapshot.ResourceVersion(), 10),
		RemainingItemCount: page.remaining, Parts: page.Parts(),
	}
	if o.slim {
		list.Parts = page.SlimParts()
	}
	// An API server looks a single key up and knows that nothing follows.
	if one := o.name() != "" && (see.namespace != "" || !see.namespaced); page.last != "" && !one {
		see.collection.Hold(snapshot)
		list.Continue = a.tokens.seal(int64(snapshot.ResourceVersion()), see.place(page.last), see.purpose(o)) //nolint:gosec // below 2^63
	}
	fingerprint := page.Fingerprint()
	if list.Continue != "" {
		fingerprint += snapshot.ResourceVersion() // a page kept by the client would lead on into a version no longer held
	}
	return list, fingerprint
}
