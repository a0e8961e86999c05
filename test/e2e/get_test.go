package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/test/e2e/validate"
)

// TestGetIsTheAPIServersByteForByte gets one object of each kind, among them names that must be escaped.
func TestGetIsTheAPIServersByteForByte(t *testing.T) {
	p := eastPair()
	for _, path := range []string{
		"/api/v1/namespaces/NS/pods/web-000", "/api/v1/namespaces/NS/configmaps/settings", "/api/v1/namespaces/NS/services/web",
		"/api/v1/namespaces/NS/events/web.1", "/apis/apps/v1/namespaces/NS/deployments/web", "/apis/batch/v1/namespaces/NS/jobs/once",
		"/apis/discovery.k8s.io/v1/namespaces/NS/endpointslices/web-1", "/apis/autoscaling/v1/namespaces/NS/horizontalpodautoscalers/web",
		"/apis/autoscaling/v2/namespaces/NS/horizontalpodautoscalers/web", "/apis/e2e.k8cache.dev/v1/namespaces/NS/widgets/widget",
		"/apis/rbac.authorization.k8s.io/v1/clusterroles/system:basic-user", "/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Abasic-user",
		"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.e2e.k8cache.dev", "/apis/apiregistration.k8s.io/v1/apiservices/v1.apps",
		"/api/v1/namespaces/NS", "/apis/e2e.k8cache.dev/v1/gadgets/" + p.cluster.Namespace("gadget"),
		"/apis/scheduling.k8s.io/v1/priorityclasses/" + p.cluster.Namespace("priority"),
	} {
		path = strings.ReplaceAll(path, "NS", p.cluster.Namespace("a-b"))
		answer := p.same(t, get(p.cluster.Admin, path))
		if answer.Code != http.StatusOK {
			t.Errorf("GET %s: code %d", path, answer.Code)
		}
		if !strings.Contains(path, "%") { // not canonical, so not from memory
			check(t, path, validate.FromMemory(answer.Header))
		}
	}
}

// TestGetOfWhatIsNotThere compares each way to be missing.
func TestGetOfWhatIsNotThere(t *testing.T) {
	p := eastPair()
	for _, path := range []string{
		"/api/v1/namespaces/NS/pods/absent", "/api/v1/namespaces/absent/pods/absent", "/api/v1/namespaces/absent",
		"/apis/apps/v1/namespaces/NS/deployments/absent", "/apis/e2e.k8cache.dev/v1/namespaces/NS/widgets/absent",
		"/apis/e2e.k8cache.dev/v1/gadgets/absent", "/api/v1/nodes/absent", "/apis/rbac.authorization.k8s.io/v1/clusterroles/absent",
		"/api/v1/namespaces/NS/pods/Not_A_Name", "/api/v1/pods/web-000", "/api/v1/namespaces/NS/pods/web-000/nonsense",
	} {
		path = strings.ReplaceAll(path, "NS", p.cluster.Namespace("a"))
		if answer := p.same(t, get(p.cluster.Admin, path)); answer.Code != http.StatusNotFound {
			t.Errorf("GET %s: code %d, want 404", path, answer.Code)
		}
	}
}

// TestGetIgnoresWhatTheAPIServerIgnores adds parameters that mean something for lists only.
func TestGetIgnoresWhatTheAPIServerIgnores(t *testing.T) {
	p := eastPair()
	path := "/api/v1/namespaces/" + p.cluster.Namespace("a-b") + "/pods/web-000"
	for _, query := range []string{"labelSelector=a%3Db", "fieldSelector=metadata.name%3Dother", "watch=1", "limit=1", "unknown=1", "resourceVersion=0"} {
		if answer := p.same(t, get(p.cluster.Admin, path+"?"+query)); answer.Code != http.StatusOK {
			t.Errorf("%s: code %d", query, answer.Code)
		}
	}
	p.sameCode(t, get(p.cluster.Admin, path+"?resourceVersion=abc"))
	p.same(t, get(p.cluster.Admin, path+"?export=true"))
}

// TestGetOfSubresources are the API server's to answer.
func TestGetOfSubresources(t *testing.T) {
	p := eastPair()
	for _, path := range []string{
		"/api/v1/namespaces/NS/pods/web-000/status", "/apis/apps/v1/namespaces/NS/deployments/web/scale",
		"/apis/e2e.k8cache.dev/v1/namespaces/NS/widgets/widget/status", "/api/v1/namespaces/NS/pods/web-000/log?container=web",
		"/api/v1/namespaces/NS/services/web/proxy/",
	} {
		path = strings.ReplaceAll(path, "NS", p.cluster.Namespace("a-b"))
		check(t, path, validate.FromServer(p.same(t, get(p.cluster.Admin, path)).Header))
	}
}
