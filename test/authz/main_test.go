package authz

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/internal/rbac"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// people are users of every plane, known by token.
func people() []testenv.User {
	return []testenv.User{{Name: "alice"}, {Name: "bob"}, {Name: "eve"}, {Name: "dora", Groups: []string{"dev"}}}
}

// plane is an API server whose authorizers can be exchanged.
type plane struct {
	*testenv.ControlPlane
	config  string // the AuthorizationConfiguration's file
	objects *objects
	client  *rbac.Client
}

// start starts an API server with RBAC alone.
func start(t *testing.T) *plane {
	t.Helper()
	p := &plane{config: filepath.Join(t.TempDir(), "authorization.yaml")}
	p.authorizers(t, rbacAuthorizer)
	p.start(t, map[string][]string{"authorization-config": {p.config}})
	return p
}

// startABAC starts an API server that has RBAC objects, as every one has, and does not go by them. Its policy lets
// strangers see whether it is healthy, and nobody anything else.
func startABAC(t *testing.T) *plane {
	t.Helper()
	policy := filepath.Join(t.TempDir(), "policy.jsonl")
	text := `{"apiVersion":"abac.authorization.kubernetes.io/v1beta1","kind":"Policy","spec":{"group":"system:unauthenticated","readonly":true,"nonResourcePath":"*"}}` + "\n"
	if err := os.WriteFile(policy, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &plane{}
	p.start(t, map[string][]string{"authorization-mode": {"ABAC"}, "authorization-policy-file": {policy}})
	return p
}

func (p *plane) start(t *testing.T, flags map[string][]string) {
	t.Helper()
	var err error
	if p.ControlPlane, err = testenv.Start(t.Context(), testenv.Options{Users: people(), APIServerFlags: flags}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Stop(); err != nil {
			t.Error(err)
		}
	})
	if p.client, err = rbac.NewClient(p.Config()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.client.Close)
	p.objects = newObjects(t, p.Config())
}

// rbacAuthorizer is RBAC in an AuthorizationConfiguration.
const rbacAuthorizer = "- {type: RBAC, name: rbac}\n"

// authorizers exchanges the API server's authorizers, which it finds out within a moment.
func (p *plane) authorizers(t *testing.T, list string) {
	t.Helper()
	text := "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthorizationConfiguration\nauthorizers:\n" + list
	next := p.config + ".next"
	if err := os.WriteFile(next, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, p.config); err != nil {
		t.Fatal(err)
	}
}

// user returns who somebody is to authorizers.
func user(name string, groups ...string) rbac.User {
	return rbac.User{Name: name, UID: "uid-" + name, Groups: append(groups, "system:authenticated")}
}

// allowed asks the API server.
func (p *plane) allowed(ctx context.Context, t *testing.T, u rbac.User, a rbac.Attributes) bool {
	t.Helper()
	s, err := rbac.New(rbac.Options{Mode: rbac.ModeSAR, Reviewer: p.client}).Scope(ctx, u, a)
	if err != nil {
		t.Fatal(err)
	}
	return s.All()
}
