package rbac

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Collections gives the four RBAC collections of one cluster as they stand. It returns an error while they are not
// synced or have been silent beyond their bound: there is no local allow then. It is asked on every request and must
// be cheap, and between two calls time must not run back.
type Collections interface {
	RBAC(ctx context.Context) (Snapshots, error)
}

// ErrNotReadable is what Collections return for a cluster whose RBAC objects the service may not read, or that has
// none, so that there is no point in waiting for them.
var ErrNotReadable = errors.New("the cluster's RBAC objects cannot be read")

// Options configure an Authorizer.
type Options struct {
	// Mode says whom to believe; the default is ModeAuto.
	Mode Mode
	// Collections are the cluster's RBAC objects. Required but for ModeSAR, which without them shows no part of a list.
	Collections Collections
	// Reviewer asks the cluster's API server. Required but for ModeRBAC.
	Reviewer Reviewer
	// ProbeInterval is how often ModeAuto finds out anew whether RBAC alone decides; the default is a minute. For so
	// long a webhook that was put before RBAC may go unnoticed.
	ProbeInterval time.Duration
	// MemoryWeight bounds the compiled grants that are remembered, in namespaces, names and bindings; the default of
	// 500,000 is about 50 MB when full.
	MemoryWeight int
}

// Authorizer says what users of one cluster may see. It has no goroutine: it compiles when asked, and what it has
// compiled holds until an RBAC object changes. It is safe for concurrent use.
type Authorizer struct {
	options Options
	digests *Digester
	memory  *memory
	reviews *reviews
	probe   *probe

	policy atomic.Pointer[policy]
	mu     sync.Mutex // held while the next policy is built
}

// New returns the Authorizer of one cluster.
func New(o Options) *Authorizer {
	if o.Mode == "" {
		o.Mode = ModeAuto
	}
	if o.MemoryWeight <= 0 {
		o.MemoryWeight = 500_000
	}
	digests := NewDigester()
	a := &Authorizer{
		options: o, digests: digests,
		memory:  newMemory(o.MemoryWeight),
		reviews: newReviews(o.Reviewer, digests),
		probe:   newProbe(o.Reviewer, o.ProbeInterval),
	}
	a.policy.Store(&policy{})
	return a
}

// Scope returns which part of the request's target the user may see. An empty scope is an answer (Scope.Forbidden);
// an error, a Failure with the Status to send, means that there is none.
func (a *Authorizer) Scope(ctx context.Context, u User, attrs Attributes) (Scope, error) {
	s := Scope{user: u, attrs: attrs}
	switch {
	case attrs.misplaced():
		return s, nil
	case u.IsMaster():
		s.all, s.reason = true, groupMasters
		return s, nil
	case a.options.Mode == ModeRBAC:
		return a.local(ctx, s)
	case a.options.Mode == ModeSAR, u.isNode(), u.hasUnknownExtra(), !a.probe.isExact(ctx, a.current):
		return a.reviewed(ctx, s)
	}
	local, err := a.local(ctx, s)
	if err == nil && !local.Empty() {
		return local, nil
	}
	return a.reviewed(ctx, s)
}

// Reprobe makes the Authorizer find out again whether RBAC alone decides, as after the connection to the API server was
// lost: it may have been restarted with another configuration.
func (a *Authorizer) Reprobe() { a.probe.forget() }

// Current reports whether the scope is what the user would get now. An answer that was computed under a scope that is
// no longer current must not leave.
func (a *Authorizer) Current(ctx context.Context, s Scope) bool {
	now, err := a.Scope(ctx, s.user, s.attrs)
	return err == nil && now.Equal(s)
}

// local completes a scope from the cluster's RBAC objects.
func (a *Authorizer) local(ctx context.Context, s Scope) (Scope, error) {
	p, err := a.current(ctx)
	if err != nil {
		return Scope{}, err
	}
	s.epoch = p.epoch
	s.grants = a.compiled(p, s.user, s.attrs.question())
	s.all = s.grants.allows(s.attrs.Namespace, s.attrs.Name)
	return s, nil
}

// reviewed completes a scope by what the API server says. RBAC tells which parts of a list to ask about; while it is
// not known, a list that is not allowed as a whole has no answer rather than a wrong one.
func (a *Authorizer) reviewed(ctx context.Context, s Scope) (Scope, error) {
	var settled time.Time
	p, unknown := a.current(ctx)
	if unknown == nil {
		s.epoch, settled = p.epoch, p.since.Add(settling)
		s.grants = a.compiled(p, s.user, s.attrs.question())
	}
	answer, err := a.reviews.scope(ctx, s, settled)
	if err == nil && answer.Empty() && s.attrs.isCollection() && unknown != nil && !errors.Is(unknown, ErrNotReadable) {
		return Scope{}, unknown
	}
	return answer, err
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
	if a.options.Collections == nil {
		return Snapshots{}, ErrNotReadable
	}
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
	old, ok := a.memory.get(key)
	if ok && old.epoch == p.epoch {
		return old.grants
	}
	g := p.compile(u.Name, groups, q)
	if ok && old.grants.equal(g) {
		g = old.grants
	}
	a.memory.put(key, remembered{epoch: p.epoch, grants: g})
	return g
}
