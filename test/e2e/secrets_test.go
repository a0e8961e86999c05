package e2e

import (
	"encoding/base64"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// TestThreat15_SecretsAreNeverFromMemory for whoever may read them all, one of them, or none.
func TestThreat15_SecretsAreNeverFromMemory(t *testing.T) {
	p := eastPair()
	who, namespace := user(t, p.cluster), p.cluster.Namespace("n08")
	grant(t, p.cluster, who, namespace, rule("get,list,watch", "secrets"), rule("list", "limitranges"))
	knows(t, p.server, who, "/api/v1/namespaces/"+namespace+"/limitranges")
	for _, path := range []string{
		"/api/v1/secrets", "/api/v1/namespaces/" + namespace + "/secrets", "/api/v1/namespaces/" + namespace + "/secrets/credentials",
		"/api/v1/namespaces/" + p.cluster.Namespace("a") + "/secrets", "/api/v1/secrets?resourceVersion=0", "/api/v1/secrets?limit=1",
	} {
		check(t, path, validate.FromServer(p.sameCode(t, get(p.cluster.Admin, path)).Header))
		answer := p.sameCode(t, get(who, path))
		check(t, path, validate.FromServer(answer.Header))
		if answer.Code != http.StatusOK {
			p.same(t, get(who, path))
		}
	}
	// Not even those whom k8cache would show a part.
	if answer := cached(t, p.server, get(who, "/api/v1/secrets")); answer.Code != http.StatusForbidden {
		t.Errorf("all secrets: code %d, want the API server's 403", answer.Code)
	}
}

// TestThreat15_SecretsAreNotInMemory looks for them in the memory of the process, after they were read through it.
func TestThreat15_SecretsAreNotInMemory(t *testing.T) {
	ownFront(t)
	cluster, server := east()
	secret := unique("a-secret-in-memory")
	object(t, cluster, "{apiVersion: v1, kind: Secret, metadata: {name: "+unique("s")+", namespace: "+namespace(t, cluster)+"}, stringData: {password: "+secret+"}}")
	eventually(t, "another list, so that events have been seen", func() error {
		_, err := listOf(cached(t, server, get(cluster.Admin, "/api/v1/configmaps")))
		return err
	})
	heap := string(admin(t, shared.Front, "/debug/pprof/heap?debug=1").Body)
	for _, text := range []string{secret, base64.StdEncoding.EncodeToString([]byte(secret))} {
		if strings.Contains(heap, text) {
			t.Error("the secret is in the heap profile")
		}
	}
	status := string(cached(t, shared.Front.Server, get(cluster.Admin, "/k8cache/v1/status")).Body)
	if strings.Contains(status, `"secrets"`) {
		t.Errorf("the status page has a collection of secrets: %s", status)
	}
}

// TestThreat42_LogsTellNoSecrets sends what must not be logged, and names that would forge a line.
func TestThreat42_LogsTellNoSecrets(t *testing.T) {
	ownFront(t)
	p := eastPair()
	marker := unique("marker")
	for _, request := range []env.Request{
		ask(http.MethodPost, p.cluster.Admin, "/api/v1/namespaces/"+p.cluster.Namespace("a")+"/configmaps?dryRun=All", `{"metadata":{"name":"x"},"data":{"v":"body-`+marker+`"}}`),
		get(p.cluster.Admin, "/api/v1/namespaces/"+p.cluster.Namespace("a")+"/secrets/secret-"+marker),
		get(nil, "/api/v1/pods", "Authorization: Bearer token-"+marker),
		get(nil, "/api/v1/pods", "Authorization: Basic basic-"+marker),
		get(nil, "/api/v1/pods", "Cookie: session=cookie-"+marker),
		get(p.cluster.Admin, "/api/v1/pods?token=query-"+marker),
		get(p.cluster.Admin, "/api/v1/namespaces/x%0a%7b%22level%22%3a%22forged-"+marker+"%22%7d/pods"),
		get(p.cluster.Admin, "/api/v1/pods", "User-Agent: agent-"+marker, "Audit-Id: id \"forged\" "+marker),
	} {
		cached(t, p.server, request)
	}
	log, err := os.ReadFile(shared.Front.Process.LogFile())
	must(t, err)
	for _, kind := range []string{"body-", "secret-", "token-", "basic-", "cookie-", "query-"} {
		if strings.Contains(string(log), kind+marker) {
			t.Errorf("the log has %s%s", kind, marker)
		}
	}
	for line := range strings.SplitSeq(strings.TrimSpace(string(log)), "\n") {
		if !strings.HasPrefix(line, `{"level":"`) || strings.HasPrefix(line, `{"level":"forged`) || !strings.HasSuffix(line, "}") {
			t.Errorf("a line that is not JSON of the log's own: %.200s", line)
		}
	}
}
