package authz

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	authorizationv1 "k8s.io/api/authorization/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/k8cache/k8cache/internal/rbac"
)

// listPods asks for a list of pods, in all namespaces for an empty one.
func listPods(namespace string) rbac.Attributes {
	return rbac.Attributes{Verb: "list", Version: "v1", Resource: "pods", Namespace: namespace, Namespaced: true}
}

// bind gives a user the right to list pods in a namespace.
func (p *plane) bind(t *testing.T, namespace, name string) {
	t.Helper()
	role := &rbacv1.ClusterRole{
		ObjectMeta: metav1.ObjectMeta{Name: "list-" + namespace + "-" + name},
		Rules:      []rbacv1.PolicyRule{{Verbs: []string{"list"}, APIGroups: []string{""}, Resources: []string{"pods"}}},
	}
	if _, err := p.objects.RbacV1().ClusterRoles().Create(t.Context(), role, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	binding := &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: namespace},
		Subjects:   []rbacv1.Subject{{Kind: "User", Name: name, APIGroup: "rbac.authorization.k8s.io"}},
		RoleRef:    rbacv1.RoleRef{Kind: "ClusterRole", Name: role.Name, APIGroup: "rbac.authorization.k8s.io"},
	}
	if _, err := p.objects.RbacV1().RoleBindings(namespace).Create(t.Context(), binding, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	p.objects.read(t)
}

// eventually waits until the condition holds.
func eventually(t *testing.T, what string, within time.Duration, holds func() bool) {
	t.Helper()
	err := wait.PollUntilContextTimeout(t.Context(), 50*time.Millisecond, within, true, func(context.Context) (bool, error) { return holds(), nil })
	if err != nil {
		t.Fatalf("%s: not within %s", what, within)
	}
}

// TestThreat12_AutoFollowsTheAPIServersAuthorizers exchanges the authorizers of a running API server. What auto shows
// must follow within the probe's interval, and never be more than the API server allows once it has.
func TestThreat12_AutoFollowsTheAPIServersAuthorizers(t *testing.T) {
	p, hook := start(t), newWebhook(t)
	const interval = 500 * time.Millisecond
	auto := rbac.New(rbac.Options{Collections: p.objects, Reviewer: p.client, ProbeInterval: interval})
	p.bind(t, "default", "bob")
	p.bind(t, "kube-public", "bob")
	denied, allowed := authorizationv1.SubjectAccessReviewStatus{Denied: true, Reason: "hook"}, authorizationv1.SubjectAccessReviewStatus{Allowed: true}
	deny, allow := when("default", "bob", denied), when("default", "eve", allowed)
	for _, phase := range []struct {
		name        string
		authorizers string
		judge       func(authorizationv1.SubjectAccessReviewSpec) authorizationv1.SubjectAccessReviewStatus
		bob         []string // the namespaces of which bob may list pods, out of the two in which RBAC gives it
		eve         bool     // whether eve may list pods in default, which RBAC does not give
		exact       bool
	}{
		{"RBAC alone", rbacAuthorizer, nil, []string{"default", "kube-public"}, false, true},
		{"a denying webhook before it", hook.authorizer + rbacAuthorizer, deny, []string{"kube-public"}, false, false},
		{"an allowing webhook before it", hook.authorizer + rbacAuthorizer, allow, []string{"default", "kube-public"}, true, false},
		{"an allowing webhook behind it", rbacAuthorizer + hook.authorizer, allow, []string{"default", "kube-public"}, true, false},
		{"RBAC alone again", rbacAuthorizer, nil, []string{"default", "kube-public"}, false, true},
	} {
		t.Run(phase.name, func(t *testing.T) {
			hook.set(phase.judge)
			p.authorizers(t, phase.authorizers)
			eventually(t, "the API server takes its new authorizers", 2*time.Minute, func() bool {
				in := func(namespace string) bool { return p.allowed(t.Context(), t, user("bob"), listPods(namespace)) }
				return in("default") == slices.Contains(phase.bob, "default") && in("kube-public") == slices.Contains(phase.bob, "kube-public") &&
					p.allowed(t.Context(), t, user("eve"), listPods("default")) == phase.eve
			})
			// What was true before may be remembered for as long as documented, and no longer.
			eventually(t, "auto follows", interval+rbacTTL+5*time.Second, func() bool {
				return slices.Equal(namespaces(t, auto, user("bob")), phase.bob)
			})
			eventually(t, "auto follows for eve", rbacTTL+5*time.Second, func() bool {
				s, err := auto.Scope(t.Context(), user("eve"), listPods("default"))
				return err == nil && s.All() == phase.eve
			})
			eventually(t, "auto knows whether RBAC is the last word", 10*time.Second, func() bool {
				namespaces(t, auto, user("bob"))
				return auto.Status().Exact == phase.exact
			})
		})
	}
}

// TestTheProbeAgreesWithEveryBootstrapBinding asks about bindings at random, again and again, on an API server that goes by
// them all: auto must not take RBAC for switched off.
func TestTheProbeAgreesWithEveryBootstrapBinding(t *testing.T) {
	p := start(t)
	auto := rbac.New(rbac.Options{Collections: p.objects, Reviewer: p.client, ProbeInterval: time.Nanosecond})
	p.bind(t, "default", "bob")
	eventually(t, "the API server takes the binding", 10*time.Second, func() bool {
		return p.allowed(t.Context(), t, user("bob"), listPods("default"))
	})
	for range 60 {
		s, err := auto.Scope(t.Context(), user("bob"), listPods("default"))
		if err != nil || !strings.HasPrefix(s.Reason(), "RBAC: allowed by RoleBinding/default/bob") {
			t.Fatalf("decided by %q, %v", s.Reason(), err)
		}
	}
}

// TestThreat12_AutoFindsOutThatRBACIsSwitchedOff asks an API server that enumerates everybody's rights willingly and does
// not go by its RBAC objects.
func TestThreat12_AutoFindsOutThatRBACIsSwitchedOff(t *testing.T) {
	p := startABAC(t)
	p.bind(t, "default", "bob")
	for mode, want := range map[rbac.Mode][]string{rbac.ModeAuto: nil, rbac.ModeSAR: nil, rbac.ModeRBAC: {"default"}} {
		a := rbac.New(rbac.Options{Mode: mode, Collections: p.objects, Reviewer: p.client})
		if got := namespaces(t, a, user("bob")); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", mode, got, want)
		}
	}
}

// rbacTTL is how long answers of the API server's authorizers are remembered.
const rbacTTL = 10 * time.Second

// namespaces returns where the user may list pods.
func namespaces(t *testing.T, a *rbac.Authorizer, u rbac.User) []string {
	t.Helper()
	s, err := a.Scope(t.Context(), u, listPods(""))
	if err != nil {
		t.Fatal(err)
	}
	return s.Namespaces()
}
