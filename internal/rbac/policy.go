package rbac

import (
	"encoding/json"
	"slices"
	"time"

	rbacv1 "k8s.io/api/rbac/v1"

	"github.com/k8cache/k8cache/internal/informers/store"
)

// Snapshots are the four RBAC collections of one cluster at one moment.
type Snapshots struct {
	Roles               *store.Snapshot
	ClusterRoles        *store.Snapshot
	RoleBindings        *store.Snapshot
	ClusterRoleBindings *store.Snapshot
}

// policy is the RBAC of one cluster at one epoch: decoded, roles resolved, bindings indexed by subject.
// It is immutable.
type policy struct {
	epoch     uint64
	since     time.Time // when the epoch began
	snapshots Snapshots

	roles               catalog[[]rbacv1.PolicyRule]
	clusterRoles        catalog[[]rbacv1.PolicyRule]
	roleBindings        catalog[link]
	clusterRoleBindings catalog[link]

	users  map[string][]*binding
	groups map[string][]*binding
}

// link is what a RoleBinding or ClusterRoleBinding says: who gets what.
type link struct {
	Subjects []rbacv1.Subject `json:"subjects"`
	RoleRef  rbacv1.RoleRef   `json:"roleRef"`
}

// next returns the policy of later snapshots. The epoch moves when an object differs, and only then: a bookmark
// moves a collection's version, not what anyone may see.
func (p *policy) next(s Snapshots) *policy {
	next := &policy{epoch: p.epoch, since: p.since, snapshots: s}
	var changed [4]bool
	next.roles, changed[0] = p.roles.next(s.Roles, decodeRules)
	next.clusterRoles, changed[1] = p.clusterRoles.next(s.ClusterRoles, decodeRules)
	next.roleBindings, changed[2] = p.roleBindings.next(s.RoleBindings, decodeLink)
	next.clusterRoleBindings, changed[3] = p.clusterRoleBindings.next(s.ClusterRoleBindings, decodeLink)
	if slices.Contains(changed[:], true) || p.users == nil {
		next.epoch, next.since = next.epoch+1, time.Now()
		next.index()
	} else {
		next.users, next.groups = p.users, p.groups
	}
	return next
}

// unread counts the objects whose bytes could not be decoded. RBAC only ever adds rights, so leaving one out can
// only show less.
func (p *policy) unread() int {
	return p.roles.unread + p.clusterRoles.unread + p.roleBindings.unread + p.clusterRoleBindings.unread
}

// compile answers the question for a user of that name in those groups, in every namespace at once.
func (p *policy) compile(user string, groups []string, q question) *grants {
	g := &grants{cluster: &cover{}, spaces: map[string]*cover{}}
	known := map[*role]answer{}
	take := func(bindings []*binding) {
		for _, b := range bindings {
			a, ok := known[b.role]
			if !ok && b.role != nil {
				a.whole, a.names = b.role.names(q)
				known[b.role] = a
			}
			g.add(b, a.whole, a.names)
		}
	}
	take(p.users[user])
	for _, group := range groups {
		take(p.groups[group])
	}
	return g.seal()
}

// answer is what one role says to one question.
type answer struct {
	whole bool
	names []string
}

// decodeRules reads a Role or ClusterRole. Of an aggregated ClusterRole, too, only the rules count: the controller
// manager fills them, and the API server's own evaluation looks at nothing else.
func decodeRules(object []byte) ([]rbacv1.PolicyRule, error) {
	var role struct {
		Rules []rbacv1.PolicyRule `json:"rules"`
	}
	err := json.Unmarshal(object, &role)
	return role.Rules, err
}

// decodeLink reads a RoleBinding or ClusterRoleBinding.
func decodeLink(object []byte) (link, error) {
	var l link
	err := json.Unmarshal(object, &l)
	return l, err
}
