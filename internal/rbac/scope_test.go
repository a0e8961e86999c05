package rbac_test

import (
	"errors"
	"slices"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/internal/rbac"
)

const (
	everything = "a-b/x a-b/y a-b/z a/x a/y a/z b/x b/y b/z c/x c/y c/z"
	nothing    = ""
)

func TestScopeSelectsWhatTheUserMaySee(t *testing.T) {
	alice := user("alice", "dev", "system:authenticated")
	bot := user("system:serviceaccount:b:bot", "system:serviceaccounts", "system:serviceaccounts:b", "system:authenticated")
	list := clusterRole("list", "list pods")
	for _, test := range []struct {
		name    string
		objects []metav1.Object
		user    rbac.User
		ask     string
		all     bool
		want    string
	}{
		{"cluster-wide", []metav1.Object{list, clusterBinding("b", "ClusterRole/list", "user:alice")}, alice, "list pods", true, everything},
		{"cluster-wide, one namespace asked", []metav1.Object{list, clusterBinding("b", "ClusterRole/list", "user:alice")}, alice, "list pods b/", true, "b/x b/y b/z"},
		{"nothing", []metav1.Object{list, clusterBinding("b", "ClusterRole/list", "user:bob")}, alice, "list pods", false, nothing},
		{"two namespaces of four", []metav1.Object{
			list, binding("a-b", "b", "ClusterRole/list", "user:alice"), binding("c", "b", "ClusterRole/list", "group:dev"),
		}, alice, "list pods", false, "a-b/x a-b/y a-b/z c/x c/y c/z"},
		{"one of them asked", []metav1.Object{list, binding("a-b", "b", "ClusterRole/list", "user:alice")}, alice, "list pods a-b/", true, "a-b/x a-b/y a-b/z"},
		{"another asked", []metav1.Object{list, binding("a-b", "b", "ClusterRole/list", "user:alice")}, alice, "list pods a/", false, nothing},
		{"everybody", []metav1.Object{list, clusterBinding("b", "ClusterRole/list", "group:system:authenticated")}, alice, "list pods a/", true, "a/x a/y a/z"},
		{"a service account", []metav1.Object{list, clusterBinding("b", "ClusterRole/list", "sa:b/bot")}, bot, "list pods a/", true, "a/x a/y a/z"},
		{"a service account of the binding's namespace", []metav1.Object{list, binding("b", "b", "ClusterRole/list", "sa:bot")}, bot, "list pods", false, "b/x b/y b/z"},
		{"a service account of no namespace", []metav1.Object{list, clusterBinding("b", "ClusterRole/list", "sa:bot")}, bot, "list pods", false, nothing},
		{"the service accounts of a namespace", []metav1.Object{list, binding("c", "b", "ClusterRole/list", "group:system:serviceaccounts:b")}, bot, "list pods", false, "c/x c/y c/z"},
		{"masters, without any RBAC", nil, user("root", "system:masters"), "list pods", true, everything},
		{"wildcards", []metav1.Object{clusterRole("r", "* *"), binding("a", "b", "ClusterRole/r", "user:alice")}, alice, "list pods", false, "a/x a/y a/z"},
		{"a wildcard group", []metav1.Object{clusterRole("r", "list pods.*"), binding("a", "b", "ClusterRole/r", "user:alice")}, alice, "list pods", false, "a/x a/y a/z"},
		{"another group", []metav1.Object{clusterRole("r", "list pods.apps"), clusterBinding("b", "ClusterRole/r", "user:alice")}, alice, "list pods", false, nothing},
		{"a Role", []metav1.Object{role("a", "r", "list pods"), binding("a", "b", "Role/r", "user:alice")}, alice, "list pods", false, "a/x a/y a/z"},
		{"a Role of another namespace", []metav1.Object{role("b", "r", "list pods"), binding("a", "b", "Role/r", "user:alice")}, alice, "list pods", false, nothing},
		{"a Role bound in the whole cluster", []metav1.Object{role("a", "r", "list pods"), clusterBinding("b", "Role/r", "user:alice")}, alice, "list pods", false, nothing},
		{"a name given by field selector, all allowed", []metav1.Object{list, clusterBinding("b", "ClusterRole/list", "user:alice")}, alice, "list pods x", true, "a-b/x a/x b/x c/x"},
		{"a name given by field selector, in one namespace", []metav1.Object{list, binding("b", "b", "ClusterRole/list", "user:alice")}, alice, "list pods x", false, "b/x"},
		{"get of one", []metav1.Object{clusterRole("r", "get pods"), binding("b", "b", "ClusterRole/r", "user:alice")}, alice, "get pods b/x", true, "b/x"},
		{"nodes, by a RoleBinding", []metav1.Object{clusterRole("r", "list nodes"), binding("b", "b", "ClusterRole/r", "user:alice")}, alice, "list nodes", false, nothing},
		{"nodes, in a namespace", []metav1.Object{clusterRole("r", "list nodes"), binding("b", "b", "ClusterRole/r", "user:alice")}, alice, "list nodes b/", false, nothing},
		{"nodes, in a namespace, as a master", nil, user("root", "system:masters"), "list nodes b/", false, nothing},
		{"a namespace, by a RoleBinding in it", []metav1.Object{clusterRole("r", "get namespaces"), binding("x", "b", "ClusterRole/r", "user:alice")}, alice, "get namespaces x/x", true, "x"},
		{"another namespace, by that RoleBinding", []metav1.Object{clusterRole("r", "get namespaces"), binding("x", "b", "ClusterRole/r", "user:alice")}, alice, "get namespaces y/y", false, nothing},
		{"a list of namespaces, by a RoleBinding", []metav1.Object{clusterRole("r", "list namespaces"), binding("x", "b", "ClusterRole/r", "user:alice")}, alice, "list namespaces", false, nothing},
		{"some namespaces by name", []metav1.Object{clusterRole("r", "list namespaces x,z"), clusterBinding("b", "ClusterRole/r", "user:alice")}, alice, "list namespaces", false, "x z"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, a := cluster(t, test.objects...)
			s := scope(t, a, test.user, test.ask)
			if s.All() != test.all {
				t.Errorf("All is %v", s.All())
			}
			if s.Empty() != (test.want == nothing) {
				t.Errorf("Empty is %v", s.Empty())
			}
			if got := seen(s, objects(t, ask(test.ask).Namespaced)); got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestScopeNamesItsNamespaces(t *testing.T) {
	_, a := cluster(
		t, clusterRole("list", "list pods"), clusterRole("one", "list pods x"),
		binding("b", "b", "ClusterRole/list", "user:alice"), binding("a", "b", "ClusterRole/list", "user:alice"), binding("c", "b", "ClusterRole/one", "user:alice"),
	)
	for text, want := range map[string][]string{"list pods": {"a", "b"}, "list pods x": {"a", "b", "c"}, "list pods a/": nil, "list pods c/": nil, "list nodes": nil} {
		if got := scope(t, a, user("alice"), text).Namespaces(); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
}

func TestTheZeroScopeShowsNothing(t *testing.T) {
	var s rbac.Scope
	if s.All() || !s.Empty() || s.Allows("", "") || s.Allows("a", "x") || seen(s, objects(t, true)) != nothing || s.Namespaces() != nil {
		t.Error("the zero scope shows something")
	}
}

func TestThreat03_OneKindDoesNotStandInForAnother(t *testing.T) {
	_, a := cluster(t, clusterRole("r", "list pods", "watch configmaps"), binding("a", "b", "ClusterRole/r", "user:alice"))
	for _, text := range []string{"list configmaps", "watch pods", "list pods.metrics.k8s.io", "list secrets", "get pods a/x", "list pods b/"} {
		if !scope(t, a, user("alice"), text).Empty() {
			t.Errorf("%s shows something", text)
		}
	}
}

func TestThreat04_ResourceNamesOpenThoseNamesAndNothingElse(t *testing.T) {
	all := objects(t, true)
	for _, test := range []struct{ name, rule, ask, clusterWide, inNamespaceB string }{
		{"a list shows the names", "list pods x,z", "list pods", "a-b/x a-b/z a/x a/z b/x b/z c/x c/z", "b/x b/z"},
		{"a list of a namespace shows the names", "list pods x,z", "list pods b/", "b/x b/z", "b/x b/z"},
		{"a list of another namespace shows the names", "list pods x,z", "list pods c/", "c/x c/z", nothing},
		{"a watch shows the names", "watch pods x", "watch pods b/", "b/x", "b/x"},
		{"the name asked for", "list pods x", "list pods b/x", "b/x", "b/x"},
		{"another name asked for", "list pods x", "list pods b/y", nothing, nothing},
		{"get of the name", "get pods x", "get pods b/x", "b/x", "b/x"},
		{"get of another name", "get pods x", "get pods b/y", nothing, nothing},
		{"a get rule is no list rule", "get pods x", "list pods b/", nothing, nothing},
		{"a list rule is no watch rule", "list pods x", "watch pods b/", nothing, nothing},
		{"a name is no pattern", "list pods *", "list pods b/", nothing, nothing},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, wide := cluster(t, clusterRole("r", test.rule), clusterBinding("b", "ClusterRole/r", "user:alice"))
			if got := seen(scope(t, wide, user("alice"), test.ask), all); got != test.clusterWide {
				t.Errorf("bound in the cluster: got %q, want %q", got, test.clusterWide)
			}
			_, narrow := cluster(t, clusterRole("r", test.rule), binding("b", "b", "ClusterRole/r", "user:alice"))
			if got := seen(scope(t, narrow, user("alice"), test.ask), all); got != test.inNamespaceB {
				t.Errorf("bound in b: got %q, want %q", got, test.inNamespaceB)
			}
		})
	}
}

func TestThreat05_SubresourcesOpenNoObjects(t *testing.T) {
	for _, resource := range []string{"pods/log", "pods/*", "*/log", "*/*", "*/scale", "*/", "pods/"} {
		_, a := cluster(t, clusterRole("r", "* "+resource), clusterBinding("b", "ClusterRole/r", "user:alice"))
		for _, text := range []string{"list pods", "list pods a/", "get pods a/x", "watch pods"} {
			if !scope(t, a, user("alice"), text).Empty() {
				t.Errorf("a rule on %s: %s shows something", resource, text)
			}
		}
	}
}

func TestThreat06_RightsBelongToOneCluster(t *testing.T) {
	_, here := cluster(t, clusterRole("list", "list pods"), clusterBinding("b", "ClusterRole/list", "user:alice"))
	_, there := cluster(t)
	if scope(t, here, user("alice"), "list pods").Empty() || !scope(t, there, user("alice"), "list pods").Empty() {
		t.Error("a right of one cluster shows on another")
	}
}

func TestThreat11_NoLocalAnswerWhileRBACIsNotKnown(t *testing.T) {
	c, a := cluster(t, clusterRole("list", "list pods"), clusterBinding("b", "ClusterRole/list", "user:alice"))
	before := scope(t, a, user("alice"), "list pods")
	silent := errors.New("no event for 61 s")
	c.Fail(silent)
	got, err := a.Scope(t.Context(), user("alice"), ask("list pods"))
	var failure *rbac.Failure
	if !errors.As(err, &failure) || failure.Status().Code != 503 || !errors.Is(err, silent) || !got.Empty() {
		t.Errorf("got %+v, %v, want a 503", got, err)
	}
	if a.Current(t.Context(), before) {
		t.Error("a scope of before is still current")
	}
	if s := scope(t, a, user("root", "system:masters"), "list pods"); !s.All() {
		t.Error("masters are allowed whatever RBAC says")
	}
	c.Fail(nil)
	if !a.Current(t.Context(), before) {
		t.Error("the scope is not current again")
	}
}
