package rbac_test

import (
	"encoding/json"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/internal/rbac"
)

func TestForbiddenReadsLikeTheAPIServers(t *testing.T) {
	for _, test := range []struct{ ask, want string }{
		{"list configmaps", `{"metadata":{},"status":"Failure","message":"configmaps is forbidden: User \"U\" cannot list resource \"configmaps\" in API group \"\" at the cluster scope","reason":"Forbidden","details":{"kind":"configmaps"},"code":403}`},
		{"list configmaps b/", `{"metadata":{},"status":"Failure","message":"configmaps is forbidden: User \"U\" cannot list resource \"configmaps\" in API group \"\" in the namespace \"b\"","reason":"Forbidden","details":{"kind":"configmaps"},"code":403}`},
		{"get configmaps b/cm1", `{"metadata":{},"status":"Failure","message":"configmaps \"cm1\" is forbidden: User \"U\" cannot get resource \"configmaps\" in API group \"\" in the namespace \"b\"","reason":"Forbidden","details":{"name":"cm1","kind":"configmaps"},"code":403}`},
		{"get pods/log b/p", `{"metadata":{},"status":"Failure","message":"pods \"p\" is forbidden: User \"U\" cannot get resource \"pods/log\" in API group \"\" in the namespace \"b\"","reason":"Forbidden","details":{"name":"p","kind":"pods"},"code":403}`},
		{"list deployments.apps", `{"metadata":{},"status":"Failure","message":"deployments.apps is forbidden: User \"U\" cannot list resource \"deployments\" in API group \"apps\" at the cluster scope","reason":"Forbidden","details":{"group":"apps","kind":"deployments"},"code":403}`},
		{"get namespaces a/a", `{"metadata":{},"status":"Failure","message":"namespaces \"a\" is forbidden: User \"U\" cannot get resource \"namespaces\" in API group \"\" in the namespace \"a\"","reason":"Forbidden","details":{"name":"a","kind":"namespaces"},"code":403}`},
	} {
		got, err := json.Marshal(rbac.Forbidden(user("U"), ask(test.ask)).Status())
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.ask, got, test.want)
		}
	}
}

func TestForbiddenNamesBrokenBindingsAndNoHTML(t *testing.T) {
	escaped := `pods is forbidden: User "&lt;b&gt;" cannot list resource "pods" in API group "" in the namespace "a"`
	for _, test := range []struct {
		name    string
		objects []metav1.Object
		want    string
	}{
		{"nothing broken", nil, escaped},
		{"one missing", []metav1.Object{clusterBinding("b", "ClusterRole/gone", "user:<b>")}, escaped + `: RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found`},
		{"two missing", []metav1.Object{
			clusterBinding("b", "ClusterRole/gone", "user:<b>"), binding("a", "b", "Role/gone", "user:<b>"), binding("a", "c", "Role/gone", "user:<b>"),
		}, escaped + `: RBAC: [clusterrole.rbac.authorization.k8s.io "gone" not found, role.rbac.authorization.k8s.io "gone" not found]`},
		{"a kind that does not exist", []metav1.Object{binding("a", "b", "Group/g", "user:<b>")}, escaped + `: RBAC: unsupported role reference kind: "Group"`},
		{"missing elsewhere", []metav1.Object{binding("b", "b", "Role/gone", "user:<b>")}, escaped},
		{"missing for others", []metav1.Object{binding("a", "b", "Role/gone", "user:bob")}, escaped},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, a := cluster(t, test.objects...)
			if got := scope(t, a, user("<b>"), "list pods a/").Forbidden().Status().Message; got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestReasonNamesTheDecidingBindings(t *testing.T) {
	objects := []metav1.Object{
		clusterRole("list", "list pods"), clusterRole("one", "list pods x"), role("a", "r", "list pods"),
		binding("a", "mine", "Role/r", "user:alice"), binding("a", "names", "ClusterRole/one", "user:alice"),
		clusterBinding("all", "ClusterRole/list", "group:ops"), clusterBinding("gone", "ClusterRole/gone", "user:eve"),
	}
	for _, namespace := range []string{"b", "c", "d", "e", "f"} {
		objects = append(objects, binding(namespace, "team", "ClusterRole/list", "group:dev", "user:carol"))
	}
	_, a := cluster(t, objects...)
	for _, test := range []struct {
		user rbac.User
		ask  string
		want string
	}{
		{user("alice"), "list pods a/", "RBAC: allowed by RoleBinding/a/mine (Role/r)"},
		{user("alice"), "list pods", "RBAC: allowed by RoleBinding/a/mine (Role/r)"},
		{user("bob", "ops"), "list pods a/", "RBAC: allowed by ClusterRoleBinding/all (ClusterRole/list)"},
		{user("carol", "dev"), "list pods", "RBAC: allowed by RoleBinding/b/team (ClusterRole/list), RoleBinding/c/team (ClusterRole/list), RoleBinding/d/team (ClusterRole/list), RoleBinding/e/team (ClusterRole/list), 1 more"},
		{user("root", "system:masters"), "list pods", "system:masters"},
		{user("eve"), "list pods", `RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found`},
		{user("nobody"), "list pods", ""},
	} {
		if got := scope(t, a, test.user, test.ask).Reason(); got != test.want {
			t.Errorf("%s for %s:\ngot  %s\nwant %s", test.ask, test.user.Name, got, test.want)
		}
	}
}
