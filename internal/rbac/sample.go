package rbac

import (
	"math/rand/v2"
	"slices"
	"strings"

	rbacv1 "k8s.io/api/rbac/v1"
)

// samplesPerProbe is how many bindings each probe asks the API server about.
const samplesPerProbe = 3

// sample is a question that RBAC answers with yes.
type sample struct {
	user  User
	attrs Attributes
}

// samples returns up to n questions about bindings chosen at random, fewer where few can be made.
func (p *policy) samples(n int) []sample {
	var found []sample
	for range 10 * n {
		if s, ok := p.sample(); ok {
			found = append(found, s)
		}
		if len(found) == n {
			break
		}
	}
	return found
}

// sample makes a question of one binding, and returns it only if RBAC as compiled here says yes.
func (p *policy) sample() (sample, bool) {
	entries, namespaced := p.clusterRoleBindings.entries, false
	if len(p.roleBindings.entries) > 0 && (len(entries) == 0 || chance(2) == 0) {
		entries, namespaced = p.roleBindings.entries, true
	}
	if len(entries) == 0 {
		return sample{}, false
	}
	e := entries[chance(len(entries))]
	var s sample
	if namespaced {
		s.attrs.Namespace = e.ref.Namespace()
	}
	u, ok := asUser(e.value.Subjects, s.attrs.Namespace)
	if !ok {
		return sample{}, false
	}
	s.user = u.WithAuthenticated()
	for _, b := range slices.Concat(p.users[u.Name], p.groups[u.Groups[0]]) {
		if b.role != nil && b.ref.Namespace == s.attrs.Namespace && b.ref.Name == e.ref.Name() && len(b.role.rules) > 0 {
			s.attrs.fill(b.role.rules[chance(len(b.role.rules))])
		}
	}
	g := p.compile(s.user.Name, s.user.Groups, s.attrs.question())
	return s, s.attrs.Resource != "" && g.allows(s.attrs.Namespace, s.attrs.Name)
}

// asUser returns somebody whom one of the subjects means and whom other authorizers do not know.
func asUser(subjects []rbacv1.Subject, namespace string) (User, bool) {
	if len(subjects) == 0 {
		return User{}, false
	}
	const nobody = "k8cache:probe"
	index, key := place(&subjects[chance(len(subjects))], namespace)
	u := User{Name: nobody, Groups: []string{key}}
	if index == rbacv1.UserKind {
		u = User{Name: key, Groups: []string{nobody}}
	}
	known := u.IsMaster() || u.isNode() || key == "" || key == userAnonymous || key == groupAnonymous
	return u, !known && !strings.HasPrefix(u.Name, "system:node:")
}

// fill asks for something that the rule gives; a rule about subresources or URLs gives nothing to ask for.
func (a *Attributes) fill(r rbacv1.PolicyRule) {
	if len(r.Verbs) == 0 || len(r.APIGroups) == 0 || len(r.Resources) == 0 {
		return
	}
	pick := func(values []string, wildcard string) string {
		if v := values[chance(len(values))]; v != "*" {
			return v
		}
		return wildcard
	}
	a.Verb, a.Group, a.Version = pick(r.Verbs, "get"), pick(r.APIGroups, ""), "v1"
	if resource := pick(r.Resources, "pods"); !strings.Contains(resource, "/") {
		a.Resource = resource
	}
	if len(r.ResourceNames) > 0 {
		a.Name = r.ResourceNames[chance(len(r.ResourceNames))]
	}
}

// chance returns a number below n.
func chance(n int) int {
	return rand.IntN(n) //nolint:gosec // which bindings are asked about is no secret
}
