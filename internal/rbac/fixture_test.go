package rbac_test

import (
	"strings"
	"testing"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/rbac/rbactest"
	"github.com/k8cache/k8cache/internal/serialize"
)

// rule is "verbs resources[ names]" in the core group, each a comma-separated list; "verbs resources.group" in another.
func rule(text string) rbacv1.PolicyRule {
	words := strings.Fields(text)
	resources, group, _ := strings.Cut(words[1], ".")
	r := rbacv1.PolicyRule{Verbs: strings.Split(words[0], ","), APIGroups: []string{group}, Resources: strings.Split(resources, ",")}
	if len(words) > 2 {
		r.ResourceNames = strings.Split(words[2], ",")
	}
	return r
}

func rules(texts []string) []rbacv1.PolicyRule {
	var out []rbacv1.PolicyRule
	for _, text := range texts {
		out = append(out, rule(text))
	}
	return out
}

func clusterRole(name string, texts ...string) *rbacv1.ClusterRole {
	return &rbacv1.ClusterRole{ObjectMeta: metav1.ObjectMeta{Name: name, ResourceVersion: "1"}, Rules: rules(texts)}
}

func role(namespace, name string, texts ...string) *rbacv1.Role {
	return &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, ResourceVersion: "1"}, Rules: rules(texts)}
}

// subject is "user:NAME", "group:NAME", "sa:NAME" or "sa:NAMESPACE/NAME".
func subjects(texts []string) []rbacv1.Subject {
	var out []rbacv1.Subject
	for _, text := range texts {
		kind, name, _ := strings.Cut(text, ":")
		s := rbacv1.Subject{Kind: map[string]string{"user": "User", "group": "Group", "sa": "ServiceAccount"}[kind], Name: name}
		if namespace, account, ok := strings.Cut(name, "/"); ok && kind == "sa" {
			s.Namespace, s.Name = namespace, account
		}
		out = append(out, s)
	}
	return out
}

// clusterBinding binds "ClusterRole/NAME".
func clusterBinding(name, ref string, to ...string) *rbacv1.ClusterRoleBinding {
	kind, roleName, _ := strings.Cut(ref, "/")
	return &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: name, ResourceVersion: "1"},
		Subjects:   subjects(to), RoleRef: rbacv1.RoleRef{Kind: kind, Name: roleName},
	}
}

// binding binds "Role/NAME" or "ClusterRole/NAME" in a namespace.
func binding(namespace, name, ref string, to ...string) *rbacv1.RoleBinding {
	kind, roleName, _ := strings.Cut(ref, "/")
	return &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, ResourceVersion: "1"},
		Subjects:   subjects(to), RoleRef: rbacv1.RoleRef{Kind: kind, Name: roleName},
	}
}

// world sorts RBAC objects into a world.
func world(objects ...metav1.Object) rbactest.World {
	var w rbactest.World
	for _, o := range objects {
		switch o := o.(type) {
		case *rbacv1.Role:
			w.Roles = append(w.Roles, o)
		case *rbacv1.ClusterRole:
			w.ClusterRoles = append(w.ClusterRoles, o)
		case *rbacv1.RoleBinding:
			w.RoleBindings = append(w.RoleBindings, o)
		case *rbacv1.ClusterRoleBinding:
			w.ClusterRoleBindings = append(w.ClusterRoleBindings, o)
		}
	}
	return w
}

// cluster returns a cluster with the RBAC objects, and its authorizer.
func cluster(t testing.TB, objects ...metav1.Object) (*rbactest.Cluster, *rbac.Authorizer) {
	t.Helper()
	c, err := rbactest.NewCluster(world(objects...))
	if err != nil {
		t.Fatal(err)
	}
	return c, rbac.New(rbac.Options{Mode: rbac.ModeRBAC, Collections: c})
}

// ask is "verb resource[.group][/subresource] [namespace/][name]"; a namespace alone ends in a slash. A resource that
// starts with a capital letter lives in no namespace.
func ask(text string) rbac.Attributes {
	words := strings.Fields(text)
	a := rbac.Attributes{Verb: words[0], Version: "v1"}
	resource, subresource, _ := strings.Cut(words[1], "/")
	a.Resource, a.Group, _ = strings.Cut(resource, ".")
	a.Subresource = subresource
	if len(words) > 2 {
		namespace, name, ok := strings.Cut(words[2], "/")
		if !ok {
			namespace, name = "", words[2]
		}
		a.Namespace, a.Name = namespace, name
	}
	a.Namespaced = a.Resource != "nodes" && a.Resource != "namespaces"
	return a
}

// scope asks for a scope that must be an answer.
func scope(t testing.TB, a *rbac.Authorizer, u rbac.User, text string) rbac.Scope {
	t.Helper()
	s, err := a.Scope(t.Context(), u, ask(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// objects is a collection with the objects x, y and z in the namespaces a, a-b, b and c; or in none.
func objects(t testing.TB, namespaced bool) *store.Snapshot {
	t.Helper()
	c := store.New(store.Options{})
	builder := c.Builder()
	namespaces := []string{""}
	if namespaced {
		namespaces = []string{"a", "a-b", "b", "c"}
	}
	for _, namespace := range namespaces {
		for _, name := range []string{"x", "y", "z"} {
			meta := `"name":"` + name + `","resourceVersion":"5"`
			if namespace != "" {
				meta = `"name":"` + name + `","namespace":"` + namespace + `","resourceVersion":"5"`
			}
			o, err := serialize.Parse([]byte(`{"metadata":{` + meta + `}}`))
			if err != nil {
				t.Fatal(err)
			}
			if err := builder.Add(o); err != nil {
				t.Fatal(err)
			}
		}
	}
	c.Replace(builder, 5)
	return c.Snapshot()
}

// seen returns the keys that the scope selects.
func seen(s rbac.Scope, snapshot *store.Snapshot) string {
	var keys []string
	for o := range s.Select(snapshot).Objects() {
		keys = append(keys, o.Key())
	}
	return strings.Join(keys, " ")
}

func user(name string, groups ...string) rbac.User { return rbac.User{Name: name, Groups: groups} }
