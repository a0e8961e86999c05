package env

import (
	"context"
	"fmt"
	"strings"

	authorizationv1 "k8s.io/api/authorization/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/hack/testenv"
)

// UserSubject is a user, service accounts included, by the name that the API server calls them.
func UserSubject(name string) rbacv1.Subject {
	return rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: name}
}

// GroupSubject is everybody in a group.
func GroupSubject(name string) rbacv1.Subject {
	return rbacv1.Subject{APIGroup: rbacv1.GroupName, Kind: rbacv1.GroupKind, Name: name}
}

// Grant gives a subject rules in a namespace. A user has them at the API server when Grant returns.
func (c *Cluster) Grant(ctx context.Context, subject rbacv1.Subject, namespace string, rules ...rbacv1.PolicyRule) error {
	role := &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{GenerateName: "e2e-"}, Rules: rules}
	role, err := c.Client.RbacV1().Roles(namespace).Create(ctx, role, metav1.CreateOptions{})
	if err != nil {
		return fmt.Errorf("grant %s: %w", subject.Name, err)
	}
	if err := c.Bind(ctx, subject, namespace, "Role", role.Name); err != nil {
		return err
	}
	return c.waitAllowed(ctx, subject, namespace, rules)
}

// GrantEverywhere gives a subject rules in all namespaces and on what has none.
func (c *Cluster) GrantEverywhere(ctx context.Context, subject rbacv1.Subject, rules ...rbacv1.PolicyRule) error {
	role := &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{GenerateName: c.prefix + "-"}, Rules: rules}
	roles := c.Client.RbacV1().ClusterRoles()
	role, err := roles.Create(ctx, role, metav1.CreateOptions{})
	if err != nil {
		return fmt.Errorf("grant %s everywhere: %w", subject.Name, err)
	}
	c.remember(func(ctx context.Context) error { return Absent(roles.Delete(ctx, role.Name, metav1.DeleteOptions{})) })
	if err := c.BindClusterRole(ctx, subject, role.Name); err != nil {
		return err
	}
	return c.waitAllowed(ctx, subject, "", rules)
}

// Bind binds a subject to a role (kind Role or ClusterRole) in a namespace.
func (c *Cluster) Bind(ctx context.Context, subject rbacv1.Subject, namespace, kind, role string) error {
	binding := &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{GenerateName: "e2e-"},
		Subjects:   []rbacv1.Subject{subject},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: kind, Name: role},
	}
	if _, err := c.Client.RbacV1().RoleBindings(namespace).Create(ctx, binding, metav1.CreateOptions{}); err != nil {
		return fmt.Errorf("bind %s to %s: %w", subject.Name, role, err)
	}
	return nil
}

// BindClusterRole binds a subject to a cluster role everywhere.
func (c *Cluster) BindClusterRole(ctx context.Context, subject rbacv1.Subject, role string) error {
	binding := &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{GenerateName: c.prefix + "-"},
		Subjects:   []rbacv1.Subject{subject},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: role},
	}
	bindings := c.Client.RbacV1().ClusterRoleBindings()
	binding, err := bindings.Create(ctx, binding, metav1.CreateOptions{})
	if err != nil {
		return fmt.Errorf("bind %s to %s: %w", subject.Name, role, err)
	}
	c.remember(func(ctx context.Context) error {
		return Absent(bindings.Delete(ctx, binding.Name, metav1.DeleteOptions{}))
	})
	return nil
}

// waitAllowed waits for the API server's authorizer, which sees a new role a moment after it was written, to know the
// last of the rules: it learns all of them at once.
func (c *Cluster) waitAllowed(ctx context.Context, subject rbacv1.Subject, namespace string, rules []rbacv1.PolicyRule) error {
	if subject.Kind != rbacv1.UserKind || len(rules) == 0 {
		return nil
	}
	rule := rules[len(rules)-1]
	resource, subresource, _ := strings.Cut(rule.Resources[0], "/")
	asked := &authorizationv1.ResourceAttributes{
		Namespace: namespace, Verb: rule.Verbs[0], Group: rule.APIGroups[0], Version: "v1", Resource: resource, Subresource: subresource,
	}
	if len(rule.ResourceNames) > 0 {
		asked.Name = rule.ResourceNames[0]
	}
	return testenv.WaitAllowed(ctx, c.Config, authorizationv1.SubjectAccessReviewSpec{
		User: subject.Name, Groups: groups(subject.Name), ResourceAttributes: asked,
	})
}
