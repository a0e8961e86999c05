package rbac

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
)

// Collections gives the four RBAC collections of one cluster as they stand. It returns an error while they are not
// synced or have been silent beyond their bound: there is no local allow then. It is asked on every request and must
// be cheap, and between two calls time must not run back.
type Collections interface {
	RBAC(ctx context.Context) (Snapshots, error)
}

// Options configure an Authorizer.
type Options struct {
	// Collections are the cluster's RBAC objects. Required.
	Collections Collections
	// CacheWeight bounds the compiled grants that are remembered, in namespaces, names and bindings; the default of
	// 500,000 is about 50 MB when full.
	CacheWeight int
}

// Authorizer says what users of one cluster may see. It has no goroutine: it compiles when asked, and what it has
// compiled holds until an RBAC object changes. It is safe for concurrent use.
type Authorizer struct {
	options Options
	digests *Digester
	cache   *cache

	policy atomic.Pointer[policy]
	mu     sync.Mutex // held while the next policy is built
}

// New returns the Authorizer of one cluster.
func New(o Options) *Authorizer {
	if o.CacheWeight <= 0 {
		o.CacheWeight = 500_000
	}
	a := &Authorizer{options: o, digests: NewDigester(), cache: newCache(o.CacheWeight)}
	a.policy.Store(&policy{})
	return a
}

// Scope returns which part of the request's target the user may see. An empty scope is an answer (Scope.Forbidden);
// an error, a Failure with the Status to send, means that there is none.
func (a *Authorizer) Scope(ctx context.Context, u User, attrs Attributes) (Scope, error) {
	if u.IsMaster() {
		return Scope{user: u, attrs: attrs, all: !attrs.misplaced(), reason: "system:masters"}, nil
	}
	return a.local(ctx, u, attrs)
}

// Current reports whether the scope is what the user would get now. An answer that was computed under a scope that is
// no longer current must not leave.
func (a *Authorizer) Current(ctx context.Context, s Scope) bool {
	now, err := a.Scope(ctx, s.user, s.attrs)
	return err == nil && now.Equal(s)
}

// local answers from the cluster's RBAC objects.
func (a *Authorizer) local(ctx context.Context, u User, attrs Attributes) (Scope, error) {
	p, err := a.current(ctx)
	if err != nil {
		return Scope{}, err
	}
	s := Scope{user: u, attrs: attrs, epoch: p.epoch}
	if attrs.misplaced() {
		return s, nil
	}
	s.grants = a.compiled(p, u, attrs.question())
	s.all = s.grants.allows(attrs.Namespace, attrs.Name)
	return s, nil
}

// current returns the policy of the collections as they stand. The snapshots are read again under the lock, so that
// policies follow each other as the snapshots do.
func (a *Authorizer) current(ctx context.Context) (*policy, error) {
	snapshots, err := a.snapshots(ctx)
	if err != nil {
		return nil, err
	}
	if p := a.policy.Load(); p.snapshots == snapshots {
		return p, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if snapshots, err = a.snapshots(ctx); err != nil {
		return nil, err
	}
	p := a.policy.Load()
	if p.snapshots != snapshots {
		p = p.next(snapshots)
		a.policy.Store(p)
	}
	return p, nil
}

// snapshots asks for the collections; an incomplete set is no set.
func (a *Authorizer) snapshots(ctx context.Context) (Snapshots, error) {
	s, err := a.options.Collections.RBAC(ctx)
	if err == nil && (s.Roles == nil || s.ClusterRoles == nil || s.RoleBindings == nil || s.ClusterRoleBindings == nil) {
		err = errors.New("an RBAC collection is missing")
	}
	if err != nil {
		return Snapshots{}, Unavailable("the cluster's RBAC objects are not available", err)
	}
	return s, nil
}

// compiled returns what RBAC gives the user for the question, from memory where the epoch has not moved. Where it has
// and nothing came out differently, the older compilation stays, so that scopes made of it are still equal at a glance.
func (a *Authorizer) compiled(p *policy, u User, q question) *grants {
	groups := slices.Compact(slices.Sorted(slices.Values(u.Groups)))
	key := a.digests.Sum(append([]string{q.verb, q.group, q.resource, q.subresource, u.Name}, groups...)...)
	old, ok := a.cache.get(key)
	if ok && old.epoch == p.epoch {
		return old.grants
	}
	g := p.compile(u.Name, groups, q)
	if ok && old.grants.equal(g) {
		g = old.grants
	}
	a.cache.put(key, remembered{epoch: p.epoch, grants: g})
	return g
}
