package e2e

import (
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

const manifests = "../../deploy"

// deployed applies the manifests to the east, whose controller manager aggregates the roles, and runs k8cache with the
// Deployment's own flags and nothing but its ServiceAccount's token.
func deployed(t *testing.T) (pair, *testenv.Identity) {
	t.Helper()
	ownPlane(t)
	ownFront(t)
	k := newKubectl(t, shared.East, &testenv.Identity{Config: shared.East.Config})
	files, err := filepath.Abs(manifests)
	must(t, err)
	if got := k.run(t, k.direct, "", "apply", "-k", files); got.Code != 0 || strings.Contains(got.Err, "Warning") {
		t.Fatalf("apply: %v", got)
	}
	t.Cleanup(func() { withdraw(t, k, files) })
	client := shared.East.Client
	deployment, err := client.AppsV1().Deployments("k8cache").Get(t.Context(), "k8cache", metav1.GetOptions{})
	must(t, err)
	service, err := testenv.NewServiceAccount(t.Context(), shared.East.Config, "k8cache", deployment.Spec.Template.Spec.ServiceAccountName)
	must(t, err)
	eventually(t, "the aggregated role", func() error {
		role, err := client.RbacV1().ClusterRoles().Get(t.Context(), "k8cache-read", metav1.GetOptions{})
		if err == nil && len(role.Rules) < 3 {
			err = fmt.Errorf("%d rules", len(role.Rules))
		}
		return err
	})
	front := start(t, []testenv.Context{{Name: shared.East.Name, Config: service.Config}},
		testenv.ProcessOptions{Args: flagsOf(deployment.Spec.Template.Spec.Containers[0].Args)})
	return pair{shared.East, front.Of(shared.East)}, service
}

// withdraw deletes the manifests' objects. The test's own context has ended by then.
func withdraw(t *testing.T, k kubectl, files string) {
	t.Helper()
	cmd := exec.CommandContext(context.Background(), k.binary, "--kubeconfig="+k.direct, "delete", "-k", files, "--wait=false", "--ignore-not-found")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("delete: %v: %s", err, out)
	}
}

// flagsOf leaves out where it listens and keeps certificates, which is the test's to say.
func flagsOf(args []string) []string {
	return slices.DeleteFunc(slices.Clone(args), func(arg string) bool {
		name, _, _ := strings.Cut(arg, "=")
		return name == "--listen" || name == "--admin-listen" || name == "--cert-dir" || name == "--tls-self-signed"
	})
}

// TestThreat41_RunsWithTheRightsOfTheManifests does what it is for, with no right but those of deploy/.
func TestThreat41_RunsWithTheRightsOfTheManifests(t *testing.T) {
	p, service := deployed(t)
	t.Run("every kind is served", func(t *testing.T) { servesEveryKind(t, p) })
	t.Run("part of a list", func(t *testing.T) {
		who := readerOfThree(t, p)
		check(t, "pods", validate.FromMemory(seesUnion(t, p, who, "pods", three).Header))
		p.same(t, get(who, "/api/v1/namespaces/"+p.cluster.Namespace("b")+"/pods"))
	})
	t.Run("refusals", func(t *testing.T) {
		p.same(t, get(user(t, p.cluster), "/api/v1/pods"))
		refused(t, "no token", cached(t, p.server, get(nil, "/api/v1/pods")), http.StatusUnauthorized, "Unauthorized")
		p.same(t, get(&testenv.Identity{Token: "guessed"}, "/api/v1/pods"))
	})
	t.Run("writes are the caller's", func(t *testing.T) {
		request := ask(http.MethodPost, user(t, p.cluster), "/api/v1/namespaces/"+p.cluster.Namespace("a")+"/configmaps", `{"metadata":{"name":"x"}}`)
		p.same(t, request)
	})
	t.Run("changes", func(t *testing.T) {
		namespace := namespace(t, p.cluster)
		path := "/api/v1/namespaces/" + namespace + "/configmaps"
		p.names(t, path)
		configMap(t, p.cluster, namespace, "a", "x")
		eventually(t, "the change", func() error {
			if names := p.names(t, path); !slices.Contains(names, "a") {
				return fmt.Errorf("got %q", names)
			}
			return nil
		})
	})
	t.Run("its own token opens no more than its role", func(t *testing.T) { holdsNoMore(t, p.cluster, service) })
}

// servesEveryKind has all but secrets from memory: what a role lacks would be proxied.
func servesEveryKind(t *testing.T, p pair) {
	for _, path := range collections(t, p.cluster) {
		answer := p.sameList(t, p.cluster.Admin, path)
		if strings.Contains(path, "example.test") {
			continue // another test's own
		}
		if strings.HasSuffix(path, "/v1/secrets") {
			check(t, path, validate.FromServer(answer.Header))
			continue
		}
		check(t, path, validate.FromMemory(answer.Header))
	}
}

// holdsNoMore asks the API server, as k8cache, for what k8cache must not be able to do.
func holdsNoMore(t *testing.T, cluster *env.Cluster, service *testenv.Identity) {
	ns := "/api/v1/namespaces/" + cluster.Namespace("a")
	for _, request := range []env.Request{
		get(service, "/api/v1/secrets"), get(service, ns+"/secrets/credentials"), get(service, ns+"/pods/web-000"), get(service, ns+"/pods/web-000/log"),
		ask(http.MethodPost, service, ns+"/configmaps", `{"metadata":{"name":"x"}}`), ask(http.MethodDelete, service, ns+"/pods/web-000", ""),
		ask(http.MethodPost, service, "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", `{}`),
		ask(http.MethodPost, service, ns+"/serviceaccounts/default/token", `{}`), ask(http.MethodPost, service, ns+"/pods/web-000/exec", ""),
		get(service, "/api/v1/pods", "Impersonate-User: admin"), get(service, "/api/v1/nodes/node-1/proxy/"),
	} {
		if answer := direct(t, cluster, request); answer.Code != http.StatusForbidden {
			t.Errorf("%s %s: code %d, want 403", request.Method, request.Path, answer.Code)
		}
	}
}
