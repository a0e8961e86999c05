package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// knows waits until k8cache lets a caller do what the rules of a test end with, so that it knows the others too.
func knows(t *testing.T, server *env.Server, who *testenv.Identity, path string) {
	t.Helper()
	eventually(t, "the grant in k8cache", func() error {
		if answer := cached(t, server, get(who, path)); answer.Code != http.StatusOK {
			return fmt.Errorf("%s: code %d: %s", path, answer.Code, answer.Body)
		}
		return nil
	})
}

// TestThreat03_RulesCountForTheirOwnKindOnly has pairs of what is granted and what that must not open.
func TestThreat03_RulesCountForTheirOwnKindOnly(t *testing.T) {
	p := eastPair()
	ns := "/namespaces/" + p.cluster.Namespace("a-b")
	all := []string{
		"/api/v1/pods", "/api/v1" + ns + "/pods", "/api/v1" + ns + "/pods/web-000", "/api/v1/configmaps", "/api/v1" + ns + "/configmaps",
		"/api/v1" + ns + "/configmaps/settings", "/apis/apps/v1/deployments", "/apis/apps/v1" + ns + "/deployments", "/api/v1/namespaces",
		"/api/v1" + ns, "/apis/e2e.k8cache.dev/v1/gadgets", "/apis/e2e.k8cache.dev/v1" + ns + "/widgets", "/api/v1/nodes",
		"/api/v1" + ns + "/services", "/apis/events.k8s.io/v1" + ns + "/events", "/api/v1" + ns + "/events",
	}
	for name, rules := range map[string]string{
		"list pods": "list pods", "get pods": "get pods", "watch pods": "watch pods", "list deployments of apps": "list deployments.apps",
		"list deployments of the core group": "list deployments", "list pods of all groups": "list pods.*", "all verbs on services": "* services",
		"get namespaces": "get namespaces", "list widgets": "list widgets.e2e.k8cache.dev", "list gadgets": "list gadgets.e2e.k8cache.dev",
		"list events of one group": "list events", "upper case": "LIST pods",
	} {
		t.Run(name, func(t *testing.T) {
			who := user(t, p.cluster)
			verbs, resource, _ := strings.Cut(rules, " ")
			grant(t, p.cluster, who, p.cluster.Namespace("a-b"), rule(verbs, resource), rule("list", "limitranges"))
			knows(t, p.server, who, "/api/v1"+ns+"/limitranges")
			for _, path := range all {
				allowedAlike(t, p, who, path)
			}
		})
	}
}

// allowedAlike compares codes, and bodies unless they are lists. A list of all namespaces may be the caller's part.
func allowedAlike(t *testing.T, p pair, who *testenv.Identity, path string) {
	t.Helper()
	want, got := direct(t, p.cluster, get(who, path)), cached(t, p.server, get(who, path))
	if want.Code == http.StatusForbidden && got.Code == http.StatusOK && !strings.Contains(path, "/namespaces/") {
		part := strings.Replace(path, "/v1/", "/v1/namespaces/"+p.cluster.Namespace("a-b")+"/", 1)
		check(t, path, validate.Union(list(t, got), list(t, direct(t, p.cluster, get(who, part)))))
		return
	}
	if want.Code == http.StatusOK && got.Code == http.StatusOK {
		return // compared elsewhere
	}
	sameAnswer(t, path, want, got)
}

// TestThreat04_ResourceNames grants by name: a list shows those names only, and is not what a get rule allows.
func TestThreat04_ResourceNames(t *testing.T) {
	p := eastPair()
	who, namespace := user(t, p.cluster), p.cluster.Namespace("a-b")
	grant(t, p.cluster, who, namespace,
		rule("get", "pods", "web-000", "web-001"), rule("list,watch", "pods", "web-001", "web-002"), rule("get,list", "configmaps", "absent"),
		rule("list", "limitranges"))
	base := "/api/v1/namespaces/" + namespace
	knows(t, p.server, who, base+"/limitranges")
	for _, path := range []string{"/pods/web-000", "/pods/web-001", "/pods/web-002", "/pods/absent", "/configmaps/absent", "/configmaps/settings"} {
		p.same(t, get(who, base+path))
	}
	for name, code := range map[string]int{"web-000": http.StatusForbidden, "web-001": http.StatusOK, "web-002": http.StatusOK, "web-003": http.StatusForbidden} {
		path := base + "/pods?fieldSelector=metadata.name%3D" + name
		if answer := p.sameCode(t, get(who, path)); answer.Code != code {
			t.Errorf("%s: code %d, want %d", path, answer.Code, code)
		}
		if code == http.StatusOK {
			p.sameList(t, who, path)
		} else {
			p.same(t, get(who, path))
		}
	}
	onlyNamed(t, p, who, base+"/pods", "web-001", "web-002")
	onlyNamed(t, p, who, "/api/v1/pods", "web-001", "web-002")
	onlyNamed(t, p, who, base+"/configmaps")
	strict := cached(t, p.server, get(who, base+"/pods?scope=strict"))
	sameAnswer(t, "strict", direct(t, p.cluster, get(who, base+"/pods")), strict)
}

// onlyNamed wants a list of the named objects alone; the API server's 403 will do as well, which is less.
func onlyNamed(t *testing.T, p pair, who *testenv.Identity, path string, names ...string) {
	t.Helper()
	answer := cached(t, p.server, get(who, path))
	if answer.Code == http.StatusForbidden {
		sameAnswer(t, path, direct(t, p.cluster, get(who, path)), answer)
		return
	}
	var parts []*validate.List
	for _, name := range names {
		named := "/api/v1/namespaces/" + p.cluster.Namespace("a-b") + "/pods?fieldSelector=metadata.name%3D" + name
		parts = append(parts, list(t, direct(t, p.cluster, get(who, named))))
	}
	check(t, path, validate.Union(list(t, answer), parts...))
}

// TestThreat05_SubresourcesOpenNothingElse grants subresources and what looks like them.
func TestThreat05_SubresourcesOpenNothingElse(t *testing.T) {
	p := eastPair()
	namespace := p.cluster.Namespace("a-b")
	for _, resource := range []string{"pods/log", "pods/*", "*/scale", "pods/", "*/pods", "pod"} {
		t.Run(resource, func(t *testing.T) {
			who := user(t, p.cluster)
			grant(t, p.cluster, who, namespace, rule("*", resource), rule("list", "limitranges"))
			knows(t, p.server, who, "/api/v1/namespaces/"+namespace+"/limitranges")
			for _, path := range []string{"/api/v1/pods", "/api/v1/namespaces/" + namespace + "/pods", "/api/v1/namespaces/" + namespace + "/pods/web-000"} {
				if answer := p.same(t, get(who, path)); answer.Code != http.StatusForbidden {
					t.Errorf("%s: code %d, want 403", path, answer.Code)
				}
			}
		})
	}
}

// TestThreat10_RightsTakenAwayCountSoon takes a binding away and gives it back.
func TestThreat10_RightsTakenAwayCountSoon(t *testing.T) {
	p := eastPair()
	who := readerOfThree(t, p)
	bindings := p.cluster.Client.RbacV1().RoleBindings(p.cluster.Namespace("a"))
	all, err := bindings.List(t.Context(), metav1.ListOptions{})
	must(t, err)
	for _, binding := range all.Items {
		if len(binding.Subjects) == 1 && binding.Subjects[0].Name == who.Name {
			must(t, bindings.Delete(t.Context(), binding.Name, metav1.DeleteOptions{}))
		}
	}
	seesUnion(t, p, who, "pods", []string{"a-b", "n07"})
	p.same(t, get(who, "/api/v1/namespaces/"+p.cluster.Namespace("a")+"/pods"))
	grant(t, p.cluster, who, p.cluster.Namespace("a"), readPods)
	seesUnion(t, p, who, "pods", three)
}

// TestRoleThatIsNotThere is part of what the API server says in its refusal.
func TestRoleThatIsNotThere(t *testing.T) {
	p := eastPair()
	who, namespace := user(t, p.cluster), p.cluster.Namespace("a")
	must(t, p.cluster.Bind(t.Context(), env.UserSubject(who.Name), namespace, "ClusterRole", "absent"))
	grant(t, p.cluster, who, namespace, rule("list", "limitranges"))
	knows(t, p.server, who, "/api/v1/namespaces/"+namespace+"/limitranges")
	p.same(t, get(who, "/api/v1/namespaces/"+namespace+"/pods"))
	p.same(t, get(who, "/api/v1/namespaces/"+namespace+"/pods/web-000"))
}
