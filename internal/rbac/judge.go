package rbac

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// Bounds of one request that is judged namespace by namespace.
const (
	maxCandidates    = 2000
	candidatesAtOnce = 16
)

// judge asks the API server whether the request is allowed as asked; where a collection is not, which parts of it, out
// of those that RBAC would give, are allowed when asked for one by one.
func (r *reviews) judge(ctx context.Context, s Scope) (Scope, error) {
	local := s.grants
	s.all, s.grants = false, nil
	allowed, reason, err := r.allowed(ctx, s.user, s.attrs)
	if err != nil {
		return Scope{}, err
	}
	s.all, s.refused = allowed, reason
	s.reason = "SubjectAccessReview: " + reason[:min(len(reason), maxReasonBytes)]
	if allowed || local == nil || !s.attrs.isCollection() {
		return s, nil
	}
	candidates := s.attrs.candidates(local)
	if len(candidates) > maxCandidates {
		return Scope{}, NewFailure(apierrors.NewBadRequest(fmt.Sprintf(
			"the cluster's authorizers would have to be asked %d questions for this request; ask for one namespace", len(candidates))), nil)
	}
	s.grants, err = r.confirm(ctx, s, candidates)
	if !s.Empty() {
		s.reason = "" // the bindings, each confirmed, are the reason
	}
	return s, err
}

// candidate is a part of a collection that RBAC would give: a namespace's objects, all or of one name. The namespace is
// empty for a name that is given in all of them.
type candidate struct {
	namespace, name string
	by              []*binding
}

// candidates returns the parts that RBAC would show of a collection that is not allowed as asked.
func (a Attributes) candidates(local *grants) []candidate {
	var parts []candidate
	named := func(namespace string, c *cover) {
		for _, name := range c.named() {
			if name != "" && a.Name == "" {
				parts = append(parts, candidate{namespace, name, c.by})
			}
		}
	}
	named(a.Namespace, local.cluster)
	switch {
	case !a.Namespaced:
	case a.Namespace != "":
		named(a.Namespace, local.spaces[a.Namespace])
	default:
		for _, namespace := range local.whereAllowed(a.Name) {
			parts = append(parts, candidate{namespace, a.Name, local.spaces[namespace].by})
		}
		for _, namespace := range local.partial {
			named(namespace, local.spaces[namespace])
		}
	}
	return parts
}

// confirm asks about every candidate and returns what is left of them. One question without an answer is an error: a
// part that is missing for no reason must not look like the whole.
func (r *reviews) confirm(ctx context.Context, s Scope, candidates []candidate) (*grants, error) {
	confirmed := make([]bool, len(candidates))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(candidatesAtOnce)
	for i, c := range candidates {
		group.Go(func() (err error) {
			one := s.attrs
			one.Namespace, one.Name = c.namespace, c.name
			confirmed[i], _, err = r.allowed(ctx, s.user, one)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	g := &grants{cluster: &cover{}, spaces: map[string]*cover{}}
	for i, c := range candidates {
		if confirmed[i] {
			g.confirm(c)
		}
	}
	return g.seal(), nil
}

// confirm takes up one confirmed candidate.
func (g *grants) confirm(c candidate) {
	place := g.cluster
	if c.namespace != "" {
		place = g.space(c.namespace)
	}
	if c.name == "" {
		place.whole = true
	} else {
		place.names = append(place.names, c.name)
	}
	place.by = append(place.by, c.by...)
}

// errNoReviewer is the cause of the 503 where Options name no Reviewer and RBAC alone cannot answer.
var errNoReviewer = errors.New("no reviewer is configured")

// maxReasonBytes bounds what a webhook can put into an audit line.
const maxReasonBytes = 512

// allowed asks one question. An answer that says both yes and no is no.
func (r *reviews) allowed(ctx context.Context, u User, a Attributes) (allowed bool, reason string, err error) {
	if r.reviewer == nil {
		return false, "", Unavailable("the cluster's authorizers cannot be asked", errNoReviewer)
	}
	status, err := r.reviewer.SubjectAccessReview(ctx, reviewSpec(u, a))
	if err != nil {
		return false, "", Unavailable("the cluster could not be asked what the caller may do", err)
	}
	return status.Allowed && !status.Denied, status.Reason, nil
}
