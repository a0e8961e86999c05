package authz

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"

	authorizationv1 "k8s.io/api/authorization/v1"
)

// webhook is an authorizer of the API server's, outside it.
type webhook struct {
	authorizer string // its entry in an AuthorizationConfiguration

	mu    sync.Mutex
	judge func(authorizationv1.SubjectAccessReviewSpec) authorizationv1.SubjectAccessReviewStatus
}

// newWebhook starts a webhook without an opinion.
func newWebhook(t *testing.T) *webhook {
	t.Helper()
	w := &webhook{}
	server := httptest.NewTLSServer(w)
	t.Cleanup(server.Close)
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	dir := t.TempDir()
	caFile, kubeconfig := filepath.Join(dir, "ca.pem"), filepath.Join(dir, "kubeconfig")
	text := fmt.Sprintf(`{apiVersion: v1, kind: Config, current-context: c, contexts: [{name: c, context: {cluster: c, user: u}}],
  users: [{name: u, user: {}}], clusters: [{name: c, cluster: {server: %q, certificate-authority: %q}}]}`, server.URL, caFile)
	for file, content := range map[string][]byte{caFile: ca, kubeconfig: []byte(text)} {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w.authorizer = fmt.Sprintf(`- type: Webhook
  name: webhook
  webhook:
    timeout: 3s
    subjectAccessReviewVersion: v1
    failurePolicy: Deny
    cacheAuthorizedRequests: false
    cacheUnauthorizedRequests: false
    connectionInfo: {type: KubeConfigFile, kubeConfigFile: %q}
`, kubeconfig)
	return w
}

// set changes what the webhook says.
func (w *webhook) set(judge func(authorizationv1.SubjectAccessReviewSpec) authorizationv1.SubjectAccessReviewStatus) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.judge = judge
}

func (w *webhook) ServeHTTP(answer http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var review authorizationv1.SubjectAccessReview
	if err := json.NewDecoder(r.Body).Decode(&review); err != nil {
		http.Error(answer, err.Error(), http.StatusBadRequest)
		return
	}
	if w.judge != nil {
		review.Status = w.judge(review.Spec)
	}
	answer.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(answer).Encode(review)
}

// when says one thing where the condition holds, and nothing elsewhere.
func when(namespace, user string, status authorizationv1.SubjectAccessReviewStatus) func(authorizationv1.SubjectAccessReviewSpec) authorizationv1.SubjectAccessReviewStatus {
	return func(s authorizationv1.SubjectAccessReviewSpec) authorizationv1.SubjectAccessReviewStatus {
		if s.ResourceAttributes != nil && s.ResourceAttributes.Namespace == namespace && s.User == user {
			return status
		}
		return authorizationv1.SubjectAccessReviewStatus{}
	}
}
