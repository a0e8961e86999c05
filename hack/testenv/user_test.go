package testenv

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/clientcmd"
)

// grantPods lets a user list pods in the default namespace, and returns when the authorizer has seen that.
func grantPods(t *testing.T, c *ControlPlane, user string) {
	t.Helper()
	client := clientFor(t, c.Config()).RbacV1()
	role := &rbacv1.Role{
		ObjectMeta: metav1.ObjectMeta{GenerateName: "pods-"},
		Rules:      []rbacv1.PolicyRule{{APIGroups: []string{""}, Resources: []string{"pods"}, Verbs: []string{"list"}}},
	}
	role, err := client.Roles(metav1.NamespaceDefault).Create(t.Context(), role, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	binding := &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{GenerateName: "pods-"},
		Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: user}},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: role.Name},
	}
	if _, err := client.RoleBindings(metav1.NamespaceDefault).Create(t.Context(), binding, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	asked := authorizationv1.SubjectAccessReviewSpec{
		User:               user,
		ResourceAttributes: &authorizationv1.ResourceAttributes{Verb: "list", Version: "v1", Resource: "pods", Namespace: metav1.NamespaceDefault},
	}
	if err := WaitAllowed(t.Context(), c.Config(), asked); err != nil {
		t.Fatal(err)
	}
}

// checkExpiry sees a token be taken, and then no more.
func checkExpiry(t *testing.T, c *ControlPlane) {
	identity, err := c.MintToken(t.Context(), metav1.NamespaceDefault, "brief", 3*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if got := whoAmI(t, identity.Config).Username; got != "system:serviceaccount:default:brief" {
		t.Errorf("got user %q", got)
	}
	reviews := clientFor(t, identity.Config).AuthenticationV1().SelfSubjectReviews()
	waitFor(t, func(ctx context.Context) (bool, error) {
		_, err := reviews.Create(ctx, &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
		return apierrors.IsUnauthorized(err), nil
	})
}

func checkKubeconfig(t *testing.T, c *ControlPlane) {
	path := filepath.Join(t.TempDir(), "kubeconfig")
	bob, err := c.TokenUser("bob")
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteKubeconfig(path, Context{Name: "east", Config: c.Config()}, Context{Name: "east-bob", Config: bob.Config}); err != nil {
		t.Fatal(err)
	}
	for context, want := range map[string]string{"": "admin", "east": "admin", "east-bob": "bob"} {
		config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(
			&clientcmd.ClientConfigLoadingRules{ExplicitPath: path},
			&clientcmd.ConfigOverrides{CurrentContext: context}).ClientConfig()
		if err != nil {
			t.Fatal(err)
		}
		if got := whoAmI(t, config).Username; got != want {
			t.Errorf("context %q: got user %q, want %q", context, got, want)
		}
	}
}
