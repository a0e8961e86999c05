package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// aggregate registers an API that another server answers, at a port of this machine.
func aggregate(t *testing.T, cluster *env.Cluster, group, port string) {
	t.Helper()
	namespace := namespace(t, cluster)
	object(t, cluster, "{apiVersion: v1, kind: Service, metadata: {name: api, namespace: "+namespace+"}, spec: {type: ExternalName, externalName: localhost, ports: [{port: "+port+"}]}}")
	object(t, cluster, `{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: v1.`+group+`}, spec: {
		group: `+group+`, version: v1, groupPriorityMinimum: 100, versionPriority: 100, insecureSkipTLSVerify: true,
		service: {name: api, namespace: `+namespace+`, port: `+port+`}}}`)
}

// TestThreat39_AggregatedAPIThatIsDownHurtsItselfOnly registers one at a port where nobody listens.
func TestThreat39_AggregatedAPIThatIsDownHurtsItselfOnly(t *testing.T) {
	ownPlane(t)
	p := eastPair()
	group := unique("down") + ".example.test"
	aggregate(t, p.cluster, group, closedPort(t))
	path := "/apis/" + group + "/v1/things"
	eventually(t, "the API server's own 503", func() error {
		if answer := direct(t, p.cluster, get(p.cluster.Admin, path)); answer.Code != http.StatusServiceUnavailable {
			return fmt.Errorf("code %d", answer.Code)
		}
		return nil
	})
	check(t, path, validate.FromServer(p.same(t, get(p.cluster.Admin, path)).Header))
	check(t, "pods", validate.FromMemory(p.sameList(t, p.cluster.Admin, "/api/v1/pods").Header))
	check(t, "widgets", validate.FromMemory(p.sameList(t, p.cluster.Admin, "/apis/e2e.k8cache.dev/v1/widgets").Header))
	other := ownGroup(t, p.cluster)
	object(t, p.cluster, definition(other, "things", "Namespaced"))
	appears(t, p, "/apis/"+other+"/v1/things") // discovery goes on
	if answer := admin(t, shared.Front, "/readyz"); answer.Code != http.StatusOK {
		t.Errorf("readyz: code %d: %s", answer.Code, answer.Body)
	}
	// A k8cache that starts now gets ready all the same.
	front := start(t, []testenv.Context{p.cluster.Context()}, testenv.ProcessOptions{Args: []string{"--preload=pods"}})
	check(t, "pods of the new one", validate.FromMemory(pair{p.cluster, front.Of(p.cluster)}.sameList(t, p.cluster.Admin, "/api/v1/pods").Header))
}

func closedPort(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(nil)
	server.Close()
	return portOf(t, server.URL)
}

func portOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	must(t, err)
	return u.Port()
}

// TestAggregatedAPIsAreAnsweredByTheirServer has one that tells each caller something else: nothing of it may be kept.
func TestAggregatedAPIsAreAnsweredByTheirServer(t *testing.T) {
	ownPlane(t)
	p := eastPair()
	group := unique("up") + ".example.test"
	server := httptest.NewTLSServer(personal(group))
	t.Cleanup(server.Close)
	aggregate(t, p.cluster, group, portOf(t, server.URL))
	path := "/apis/" + group + "/v1/things"
	eventually(t, "the aggregated API", func() error {
		_, err := listOf(direct(t, p.cluster, get(p.cluster.Admin, path)))
		return err
	})
	who := user(t, p.cluster)
	grantEverywhere(t, p.cluster, who, rule("*", "things."+group))
	for range 2 {
		for _, caller := range []*testenv.Identity{p.cluster.Admin, who} {
			answer := p.same(t, get(caller, path))
			check(t, path, validate.FromServer(answer.Header))
			if !strings.Contains(string(answer.Body), caller.Name) {
				t.Errorf("%s got what is not theirs: %s", caller.Name, answer.Body)
			}
		}
	}
	p.same(t, get(user(t, p.cluster), path)) // 403
}

// personal is an aggregated API whose one object is called as the caller.
func personal(group string) http.Handler {
	resources := `{"kind":"APIResourceList","apiVersion":"v1","groupVersion":"` + group + `/v1","resources":[
		{"name":"things","singularName":"thing","namespaced":false,"kind":"Thing","verbs":["get","list","watch"]}]}`
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		body := fmt.Sprintf(`{"kind":"ThingList","apiVersion":"%s/v1","metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":%q}}]}`,
			group, r.Header.Get("X-Remote-User"))
		if strings.HasSuffix(r.URL.Path, "/v1") {
			body = resources
		}
		_, _ = io.WriteString(w, body)
	})
}
