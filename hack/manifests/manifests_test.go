package manifests

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/k8cache/k8cache/hack/testenv"
)

const (
	namespace      = "k8cache"
	deployment     = "k8cache"
	serviceAccount = "system:serviceaccount:k8cache:k8cache"
	bystander      = "system:serviceaccount:default:default"
)

// TestDeploy installs k8cache in each way that deploy/ offers, and looks at the result from several sides.
func TestDeploy(t *testing.T) {
	ways := map[string]func(*testing.T, *rest.Config){
		"kustomization": func(t *testing.T, admin *rest.Config) {
			kubectl(t, admin, "apply", "--server-side", "--warnings-as-errors", "-k", "../../deploy")
			kubectl(t, admin, "apply", "--server-side", "--warnings-as-errors", "--dry-run=server", "-k", "../kind")
		},
		"chart": func(t *testing.T, admin *rest.Config) {
			kubectl(t, admin, "apply", "-f", "../../deploy/namespace.yaml")
			run(t, admin, helm(), "install", deployment, "../../deploy/chart", "--namespace", namespace)
		},
	}
	for way, install := range ways {
		t.Run(way, func(t *testing.T) {
			admin := startControlPlane(t)
			install(t, admin)
			t.Run("pod passes the restricted profile", func(t *testing.T) { testPodIsAdmitted(t, admin) })
			t.Run("grants what it says and no more", func(t *testing.T) { testRights(t, admin) })
			t.Run("custom resources join by label", func(t *testing.T) { testAggregation(t, admin) })
		})
	}
}

func startControlPlane(t *testing.T) *rest.Config {
	t.Helper()
	plane, err := testenv.Start(t.Context(), testenv.Options{ControllerManager: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := plane.Stop(); err != nil {
			t.Error(err)
		}
	})
	return plane.Config()
}

func kubectl(t *testing.T, config *rest.Config, args ...string) {
	t.Helper()
	binary, err := testenv.Binary("kubectl")
	if err != nil {
		t.Fatal(err)
	}
	run(t, config, binary, args...)
}

// helm is $HELM, or what `make tools` makes.
func helm() string {
	return cmp.Or(os.Getenv("HELM"), "../../bin/tools/helm")
}

// run runs a client of the API server as the owner of config.
func run(t *testing.T, config *rest.Config, client string, args ...string) {
	t.Helper()
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	if err := testenv.WriteKubeconfig(kubeconfig, testenv.Context{Name: "test", Config: config}); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), client, args...)
	command.Env = append(os.Environ(), "KUBECONFIG="+kubeconfig)
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(client), strings.Join(args, " "), err, out)
	}
}

func clientFor(t *testing.T, config *rest.Config) kubernetes.Interface {
	t.Helper()
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// testPodIsAdmitted creates, without keeping it, the pod that the Deployment's controller would create.
func testPodIsAdmitted(t *testing.T, admin *rest.Config) {
	var warnings recorder
	config := rest.CopyConfig(admin)
	config.WarningHandler = &warnings
	client := clientFor(t, config)
	made, err := client.AppsV1().Deployments(namespace).Get(t.Context(), deployment, metav1.GetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	pod := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Name: "trial"}, Spec: made.Spec.Template.Spec}
	if _, err := client.CoreV1().Pods(namespace).Create(t.Context(), pod, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}}); err != nil {
		t.Error(err)
	}
	if len(warnings) > 0 {
		t.Errorf("warnings: %q", warnings)
	}
}

// recorder keeps the warnings of an API server.
type recorder []string

var _ rest.WarningHandler = (*recorder)(nil)

func (r *recorder) HandleWarningHeader(_ int, _, text string) { *r = append(*r, text) }
