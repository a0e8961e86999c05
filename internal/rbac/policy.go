package rbac

import (
	"maps"
	"time"
	"unique"

	"github.com/k8cache/k8cache/internal/informers/store"
)

// Snapshots are the four RBAC collections of one cluster at one moment.
type Snapshots struct {
	Roles               *store.Snapshot
	ClusterRoles        *store.Snapshot
	RoleBindings        *store.Snapshot
	ClusterRoleBindings *store.Snapshot
}

// policy is the RBAC of one cluster at one epoch: decoded, roles by name, bindings by subject. It is immutable.
type policy struct {
	epoch     uint64
	since     time.Time // when the epoch began
	snapshots Snapshots

	roles               catalog[*role]
	clusterRoles        catalog[*role]
	roleBindings        catalog[*binding]
	clusterRoleBindings catalog[*binding]

	named map[unique.Handle[roleKey]]*role
	index index
}

// next returns the policy of later snapshots. The epoch moves when an object differs, and only then: a bookmark
// moves a collection's version, not what anyone may see.
func (p *policy) next(s Snapshots) *policy {
	next := &policy{epoch: p.epoch, since: p.since, snapshots: s}
	var roles, clusterRoles change[*role]
	var roleBindings, clusterRoleBindings change[*binding]
	next.roles, roles = p.roles.next(s.Roles, decodeRole)
	next.clusterRoles, clusterRoles = p.clusterRoles.next(s.ClusterRoles, decodeRole)
	next.roleBindings, roleBindings = p.roleBindings.next(s.RoleBindings, decodeBinding)
	next.clusterRoleBindings, clusterRoleBindings = p.clusterRoleBindings.next(s.ClusterRoleBindings, decodeBinding)
	next.named = renamed(renamed(p.named, roles), clusterRoles)
	next.index = p.index.next(roleBindings).next(clusterRoleBindings)
	if p.epoch == 0 || roles.some || clusterRoles.some || roleBindings.some || clusterRoleBindings.some {
		next.epoch, next.since = p.epoch+1, time.Now()
	}
	return next
}

// renamed returns the roles by name after a change.
func renamed(named map[unique.Handle[roleKey]]*role, diff change[*role]) map[unique.Handle[roleKey]]*role {
	if len(diff.removed) == 0 && len(diff.added) == 0 {
		return named
	}
	next := maps.Clone(named)
	if next == nil {
		next = map[unique.Handle[roleKey]]*role{}
	}
	for _, r := range diff.removed {
		delete(next, unique.Make(r.key))
	}
	for _, r := range diff.added {
		next[unique.Make(r.key)] = r
	}
	return next
}

// unread counts the objects whose bytes could not be decoded. RBAC only ever adds rights, so leaving one out can
// only show less.
func (p *policy) unread() int {
	return p.roles.unread + p.clusterRoles.unread + p.roleBindings.unread + p.clusterRoleBindings.unread
}

// answer is what one role says to one question.
type answer struct {
	whole   bool
	names   []string
	missing string // the role does not exist, in the API server's words
}

// compile answers the question for a user of that name in those groups, in every namespace at once.
func (p *policy) compile(user string, groups []string, q question) *grants {
	g := &grants{cluster: &cover{}, spaces: map[string]*cover{}}
	known := map[unique.Handle[roleKey]]answer{}
	take := func(s subject) {
		for _, b := range p.index[s] {
			a, ok := known[b.role]
			if !ok {
				a = p.answer(b.role, q)
				known[b.role] = a
			}
			g.add(b, a)
		}
	}
	take(subject{name: user})
	for _, group := range groups {
		take(subject{group: true, name: group})
	}
	return g.seal()
}

// answer asks one role.
func (p *policy) answer(key unique.Handle[roleKey], q question) (a answer) {
	r := p.named[key]
	if r == nil {
		return answer{missing: key.Value().missing()}
	}
	a.whole, a.names = r.names(q)
	return a
}
