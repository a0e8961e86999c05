package rbac

import (
	"math/rand/v2"
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
	entries := p.clusterRoleBindings.entries
	if len(p.roleBindings.entries) > 0 && (len(entries) == 0 || chance(2) == 0) {
		entries = p.roleBindings.entries
	}
	if len(entries) == 0 {
		return sample{}, false
	}
	e := entries[chance(len(entries))]
	if !e.ok || len(e.value.subjects) == 0 {
		return sample{}, false
	}
	role := p.named[e.value.role]
	u, ok := e.value.subjects[chance(len(e.value.subjects))].somebody()
	if !ok || role == nil || len(role.rules) == 0 {
		return sample{}, false
	}
	s := sample{user: u, attrs: Attributes{Namespace: e.value.ref.Namespace}}
	s.attrs.fill(role.rules[chance(len(role.rules))])
	g := p.compile(s.user.Name, s.user.Groups, s.attrs.question())
	return s, s.attrs.Resource != "" && g.allows(s.attrs.Namespace, s.attrs.Name)
}

// somebody returns a user whom the subject means and whom other authorizers do not know.
func (s subject) somebody() (User, bool) {
	const nobody = "k8cache:probe"
	u := User{Name: s.name, Groups: []string{nobody}}
	if s.group {
		u = User{Name: nobody, Groups: []string{s.name}}
	}
	known := s.name == "" || u.IsMaster() || u.isNode() || u.IsAnonymous() || strings.HasPrefix(u.Name, "system:node:")
	return u.WithAuthenticated(), !known
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
