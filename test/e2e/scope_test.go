package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// three are the short names of the namespaces that a caller of some tests may see: out of order, and the dashed one too.
var three = []string{"n07", "a", "a-b"}

// readerOfThree may read pods in three of the twenty namespaces, and k8cache knows it.
func readerOfThree(t *testing.T, p pair) *testenv.Identity {
	t.Helper()
	who := user(t, p.cluster)
	for _, name := range three {
		grant(t, p.cluster, who, p.cluster.Namespace(name), readPods)
	}
	seesUnion(t, p, who, "pods", three)
	return who
}

// seesUnion waits until a caller's list of all namespaces is the union of what the API server gives them in some.
func seesUnion(t *testing.T, p pair, who *testenv.Identity, resource string, names []string) *env.Answer {
	t.Helper()
	var answer *env.Answer
	eventually(t, "the union of "+strings.Join(names, ", "), func() error {
		var parts []*validate.List
		for _, name := range names {
			path := fmt.Sprintf("/api/v1/namespaces/%s/%s", p.cluster.Namespace(name), resource)
			parts = append(parts, list(t, direct(t, p.cluster, get(who, path))))
		}
		answer = cached(t, p.server, get(who, "/api/v1/"+resource))
		whole, err := listOf(answer)
		if err != nil {
			return err
		}
		return validate.Union(whole, parts...)
	})
	return answer
}

// TestListOfAPart is what k8cache is for: pods in all namespaces, for somebody who may list them in three of twenty.
func TestListOfAPart(t *testing.T) {
	p := eastPair()
	who := readerOfThree(t, p)
	if answer := direct(t, p.cluster, get(who, "/api/v1/pods")); answer.Code != http.StatusForbidden {
		t.Fatalf("the API server answers %d: this caller proves nothing", answer.Code)
	}
	t.Run("all namespaces", func(t *testing.T) {
		answer := seesUnion(t, p, who, "pods", three)
		check(t, "pods", validate.FromMemory(answer.Header))
		if items := list(t, answer).Items; len(items) == 0 || items[0].Namespace != p.cluster.Namespace("a-b") {
			t.Errorf("%d items, want some and a-b first", len(items))
		}
	})
	t.Run("each namespace as the API server has it", func(t *testing.T) {
		for _, name := range env.Samples() {
			path := "/api/v1/namespaces/" + p.cluster.Namespace(name) + "/pods"
			if slices.Contains(three, name) {
				check(t, path, validate.FromMemory(p.sameList(t, who, path).Header))
			} else {
				p.same(t, get(who, path)) // 403, worded as the API server words it
			}
		}
	})
	t.Run("single pods as the API server has them", func(t *testing.T) {
		p.same(t, get(who, "/api/v1/namespaces/"+p.cluster.Namespace("a-b")+"/pods/web-000"))
		p.same(t, get(who, "/api/v1/namespaces/"+p.cluster.Namespace("b")+"/pods/web-000"))
		p.same(t, get(who, "/api/v1/namespaces/"+p.cluster.Namespace("b")+"/pods/absent")) // does not tell that it is absent
	})
	t.Run("strict is the API server's 403", func(t *testing.T) {
		want, got := direct(t, p.cluster, get(who, "/api/v1/pods")), cached(t, p.server, get(who, "/api/v1/pods?scope=strict"))
		sameAnswer(t, "strict", want, got)
		p.sameList(t, p.cluster.Admin, "/api/v1/pods?scope=strict")
		p.sameList(t, who, "/api/v1/namespaces/"+p.cluster.Namespace("a")+"/pods?scope=strict")
	})
	t.Run("other verbs and kinds", func(t *testing.T) {
		for _, path := range []string{"/api/v1/configmaps", "/api/v1/nodes", "/api/v1/namespaces", "/apis/apps/v1/deployments", "/apis/e2e.k8cache.dev/v1/widgets"} {
			p.same(t, get(who, path))
		}
	})
}

// TestListOfAPartByGroup grants to groups and by cluster roles bound in namespaces.
func TestListOfAPartByGroup(t *testing.T) {
	p := eastPair()
	who, role := user(t, p.cluster), p.cluster.Namespace(unique("role"))
	object(t, p.cluster, "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: "+role+
		"}, rules: [{apiGroups: ['*'], resources: [services], verbs: ['*']}]}")
	for _, name := range []string{"n01", "n02"} {
		must(t, p.cluster.Bind(t.Context(), env.GroupSubject(p.cluster.Group()), p.cluster.Namespace(name), "ClusterRole", role))
	}
	// The API server has to know of the grant before it can be asked for the parts.
	eventually(t, "the grant at the API server", func() error {
		_, err := listOf(direct(t, p.cluster, get(who, "/api/v1/namespaces/"+p.cluster.Namespace("n02")+"/services")))
		return err
	})
	seesUnion(t, p, who, "services", []string{"n01", "n02"})
}

// TestListOfEverythingByWildcard is that of an admin whom no API server would call one.
func TestListOfEverythingByWildcard(t *testing.T) {
	p := eastPair()
	who := user(t, p.cluster)
	grantEverywhere(t, p.cluster, who, rule("*", "*.*"))
	eventually(t, "everything", func() error {
		_, err := listOf(cached(t, p.server, get(who, "/api/v1/pods")))
		return err
	})
	p.sameList(t, who, "/api/v1/pods")
	p.sameList(t, who, "/api/v1/nodes")
	p.sameList(t, who, "/apis/e2e.k8cache.dev/v1/gadgets")
}

// TestThreat16_EveryRepresentationHasTheSameScope asks for the same pods in other forms. Whatever the code, nothing of
// another namespace may be in the body.
func TestThreat16_EveryRepresentationHasTheSameScope(t *testing.T) {
	p := eastPair()
	who := readerOfThree(t, p)
	forms := []string{
		"", "application/yaml", "application/vnd.kubernetes.protobuf", "application/json;as=Table;g=meta.k8s.io;v=v1", "application/cbor", "text/html",
		"application/json" + listMetadata, "application/json" + listMetadata + "beta1", "application/yaml" + listMetadata,
		"application/json" + oneMetadata, "application/json;pretty=1" + listMetadata,
		"application/vnd.kubernetes.protobuf" + oneMetadata + ",application/json" + oneMetadata + ",application/json",
		"application/vnd.kubernetes.protobuf" + listMetadata + ",application/json" + listMetadata + ",application/json",
	}
	for _, form := range forms {
		for _, query := range []string{
			"", "?pretty=true", "?fields=metadata.name", "?limit=1000", "?resourceVersion=0", "?labelSelector=app", "?search=web",
			"?aggregate=metadata.namespace", "?sortBy=metadata.name", "?fieldSelector=metadata.namespace!=x", "?offset=0", "?omitManagedFields=true", "?watch=1&timeoutSeconds=1",
		} {
			for _, method := range []string{http.MethodGet, http.MethodHead} {
				request := ask(method, who, "/api/v1/pods"+query, "", "Accept: "+form)
				onlyOfThree(t, p.cluster, fmt.Sprintf("%s %s as %q", method, query, form), cached(t, p.server, request))
			}
		}
	}
}

// onlyOfThree checks that no name of a namespace that the caller may not see is anywhere in an answer.
func onlyOfThree(t *testing.T, cluster *env.Cluster, what string, answer *env.Answer) {
	t.Helper()
	for _, name := range env.Samples() {
		if slices.Contains(three, name) || name == "b" { // which would be found within others
			continue
		}
		if strings.Contains(string(answer.Body), cluster.Namespace(name)) {
			t.Errorf("%s: %s is in the answer of code %d", what, name, answer.Code)
		}
	}
}
