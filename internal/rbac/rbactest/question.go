package rbactest

import "github.com/k8cache/k8cache/internal/rbac"

// User returns a user with some groups.
func (m *Maker) User() rbac.User {
	return rbac.User{Name: one(m, m.Users), Groups: m.some(m.Groups, 1)}
}

// Question returns something to ask.
func (m *Maker) Question() rbac.Attributes {
	return rbac.Attributes{
		Verb:        one(m, m.AskedVerbs),
		Group:       one(m, m.AskedGroups),
		Version:     "v1",
		Resource:    one(m, m.AskedResources),
		Subresource: one(m, m.AskedSubresources),
		Namespace:   one(m, m.AskedNamespaces),
		Name:        one(m, m.AskedNames),
	}
}
