package testenv

import (
	"context"
	"errors"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

func startForTest(t *testing.T, options Options) *ControlPlane {
	t.Helper()
	began := time.Now()
	c, err := Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("control plane ready after %s", time.Since(began).Round(10*time.Millisecond))
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func clientFor(t *testing.T, config *rest.Config) kubernetes.Interface {
	t.Helper()
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// whoAmI returns how the API server sees the owner of a config.
func whoAmI(t *testing.T, config *rest.Config) authenticationv1.UserInfo {
	t.Helper()
	review, err := clientFor(t, config).AuthenticationV1().SelfSubjectReviews().
		Create(t.Context(), &authenticationv1.SelfSubjectReview{}, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return review.Status.UserInfo
}

func TestControlPlaneKnowsEachKindOfUser(t *testing.T) {
	c := startForTest(t, Options{Name: "east", Users: []User{{Name: "alice", Groups: []string{"dev", "ops"}}, {Name: "bob", Token: "bobs"}}})
	identities := map[string]func() (*Identity, error){
		"alice": func() (*Identity, error) { return c.TokenUser("alice") },
		"bob":   func() (*Identity, error) { return c.TokenUser("bob") },
		"carol": func() (*Identity, error) { return c.CertUser("carol", "audit") },
		"system:serviceaccount:default:robot": func() (*Identity, error) {
			return c.ServiceAccount(t.Context(), metav1.NamespaceDefault, "robot")
		},
	}
	groups := map[string][]string{
		"alice":                               {"dev", "ops", "system:authenticated"},
		"bob":                                 {"system:authenticated"},
		"carol":                               {"audit", "system:authenticated"},
		"system:serviceaccount:default:robot": {"system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"},
	}
	for name, mint := range identities {
		t.Run(name, func(t *testing.T) {
			identity, err := mint()
			if err != nil {
				t.Fatal(err)
			}
			user := whoAmI(t, identity.Config)
			if diff := cmp.Diff([]string{name, name}, []string{identity.Name, user.Username}); diff != "" {
				t.Errorf("name (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(groups[name], user.Groups); diff != "" {
				t.Errorf("groups (-want +got):\n%s", diff)
			}
			pods := clientFor(t, identity.Config).CoreV1().Pods(metav1.NamespaceDefault)
			if _, err := pods.List(t.Context(), metav1.ListOptions{}); !apierrors.IsForbidden(err) {
				t.Errorf("list pods without any right: got %v, want forbidden", err)
			}
			grantPods(t, c, name)
			if _, err := pods.List(t.Context(), metav1.ListOptions{}); err != nil {
				t.Errorf("list pods with the right to: %v", err)
			}
		})
	}
	t.Run("nobody else", func(t *testing.T) {
		if _, err := c.TokenUser("mallory"); err == nil {
			t.Error("got an identity for a user who is not in Options")
		}
		config := rest.AnonymousClientConfig(c.Config())
		config.BearerToken = "guessed"
		_, err := clientFor(t, config).CoreV1().Pods(metav1.NamespaceDefault).List(t.Context(), metav1.ListOptions{})
		if !apierrors.IsUnauthorized(err) {
			t.Errorf("unknown token: got %v, want unauthorized", err)
		}
	})
	t.Run("expiring token", func(t *testing.T) { checkExpiry(t, c) })
	t.Run("kubeconfig", func(t *testing.T) { checkKubeconfig(t, c) })
	t.Run("restart", func(t *testing.T) { checkRestart(t, c) })
}

// checkRestart kills the API server and starts it again: same address, same data, same users.
func checkRestart(t *testing.T, c *ControlPlane) {
	bob, err := c.TokenUser("bob")
	if err != nil {
		t.Fatal(err)
	}
	config := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "kept"}}
	maps := clientFor(t, c.Config()).CoreV1().ConfigMaps(metav1.NamespaceDefault)
	if _, err := maps.Create(t.Context(), config, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := c.Signal(APIServer, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if err := c.StartAPIServer(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := maps.Get(t.Context(), "kept", metav1.GetOptions{}); err != nil {
		t.Error(err)
	}
	if got := whoAmI(t, bob.Config).Username; got != "bob" {
		t.Errorf("got user %q after the restart, want bob", got)
	}
}

func TestControllerManagerFillsRolesAndEndsNamespaces(t *testing.T) {
	c := startForTest(t, Options{ControllerManager: true})
	client := clientFor(t, c.Config())
	role, err := client.RbacV1().ClusterRoles().Get(t.Context(), "view", metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(role.Rules, func(rule rbacv1.PolicyRule) bool { return slices.Contains(rule.Resources, "pods") }) {
		t.Error("the view role says nothing of pods")
	}
	namespaces := client.CoreV1().Namespaces()
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "short-lived"}}
	if _, err := namespaces.Create(t.Context(), namespace, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := namespaces.Delete(t.Context(), namespace.Name, metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func(ctx context.Context) (bool, error) {
		_, err := namespaces.Get(ctx, namespace.Name, metav1.GetOptions{})
		return apierrors.IsNotFound(err), nil
	})
}

func TestStartWithoutBinariesSaysWhatToDo(t *testing.T) {
	t.Setenv("KUBEBUILDER_ASSETS", t.TempDir())
	_, err := Start(t.Context(), Options{})
	if !errors.Is(err, ErrNoBinaries) {
		t.Errorf("got %v, want ErrNoBinaries", err)
	}
}

func TestStartEndsWithItsContext(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	_, err := Start(ctx, Options{})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want deadline exceeded", err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func waitFor(t *testing.T, condition wait.ConditionWithContextFunc) {
	t.Helper()
	if err := wait.PollUntilContextTimeout(t.Context(), 50*time.Millisecond, 30*time.Second, true, condition); err != nil {
		t.Fatal(err)
	}
}
