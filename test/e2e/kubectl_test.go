package e2e

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
)

// kubectl runs as one caller, with a kubeconfig that leads straight to the API server and one that differs from it in
// nothing but the server and its CA.
type kubectl struct {
	binary, home   string
	direct, cached string // kubeconfigs
}

// said is all that a run of kubectl comes to.
type said struct {
	Out, Err string
	Code     int
}

func newKubectl(t *testing.T, cluster *env.Cluster, who *testenv.Identity) kubectl {
	t.Helper()
	binary, err := testenv.Binary("kubectl")
	if err != nil {
		binary, err = exec.LookPath("kubectl")
	}
	must(t, err)
	k := kubectl{binary: binary, home: t.TempDir()}
	k.direct, k.cached = filepath.Join(k.home, "direct"), filepath.Join(k.home, "cached")
	must(t, testenv.WriteKubeconfig(k.direct, testenv.Context{Name: "c", Config: who.Config}))
	must(t, testenv.WriteKubeconfig(k.cached, testenv.Context{Name: "c", Config: shared.Front.Config(cluster, who.Config)}))
	return k
}

func (k kubectl) command(ctx context.Context, kubeconfig string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, k.binary, args...)
	cmd.Env = []string{"KUBECONFIG=" + kubeconfig, "HOME=" + k.home, "PATH=" + os.Getenv("PATH")}
	return cmd
}

func (k kubectl) run(t *testing.T, kubeconfig, stdin string, args ...string) said {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := k.command(ctx, kubeconfig, args...)
	var out, complaints bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &complaints
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return said{Out: out.String(), Err: complaints.String(), Code: cmd.ProcessState.ExitCode()}
}

// same runs kubectl both ways and wants no difference but in ages, for the time that the runs themselves took: what k8cache
// says must lie between what the API server says before and after it. It tries again, because things may have changed
// meanwhile.
func (k kubectl) same(t *testing.T, args ...string) said {
	t.Helper()
	var got said
	var diff string
	for range 5 {
		before := k.neutral(k.run(t, k.direct, "", args...))
		got = k.neutral(k.run(t, k.cached, "", args...))
		if diff = cmp.Diff(before, got); diff == "" {
			return got
		}
		if after := k.neutral(k.run(t, k.direct, "", args...)); agesWithin(before, got, after) {
			return got
		}
	}
	t.Errorf("kubectl %s (-direct +cached):\n%s", strings.Join(args, " "), diff)
	return got
}

// neutral takes out which way a run went.
func (k kubectl) neutral(s said) said {
	for _, address := range []string{shared.Front.Of(shared.East).URL, shared.Front.URL, shared.East.URL} {
		words := strings.NewReplacer(address+"/", "SERVER", address, "SERVER")
		s.Out, s.Err = words.Replace(s.Out), words.Replace(s.Err)
	}
	return s
}

// TestKubectlReads has the ways of looking at things.
func TestKubectlReads(t *testing.T) {
	cluster, _ := east()
	k := newKubectl(t, cluster, cluster.Admin)
	ns := cluster.Namespace("a-b")
	for _, line := range []string{
		"get pods -n NS", "get pods -A", "get pods -n NS -o wide", "get pods -n NS -o json", "get pods -n NS -o yaml", "get pods -A -o name",
		"get pods,configmaps,deployments -n NS", "get all -n NS", "get namespaces", "get priorityclasses", "get widgets -A", "get wd -n NS -o yaml",
		"get gadgets", "get gadgets.v1beta1.e2e.k8cache.dev", "get configmap settings -n NS -o jsonpath={.data}", "get pods -n NS -l app=web,tier!=back",
		"get pods -n NS --field-selector metadata.name=web-001", "get pods -n NS --field-selector status.phase=Pending", "get pods -n NS --chunk-size=2",
		"get pods -n NS --sort-by=.metadata.name", "get pods -A --sort-by=.metadata.creationTimestamp -o name", "get pods -n NS --show-labels",
		"get pods -A --chunk-size=7 -o name", "get widgets -A --chunk-size=3 -o wide", "get pods -n NS -L app,tier", "get pods -n NS --no-headers -o custom-columns=N:.metadata.name,P:.status.phase",
		"get pods -n NS -o go-template={{range.items}}{{.metadata.name}}{{end}}", "get widgets -n NS --field-selector spec.color=red -o name", "get events -n NS --sort-by=.lastTimestamp",
		"get events -n NS --field-selector involvedObject.kind=Deployment -o name", "get gadgets -o yaml", "get deploy,sts,rs,job,cj,ing,hpa,pdb,netpol -n NS -o name",
		"wait pods -l app=web -n NS --for=jsonpath={.status.phase}=Pending --timeout=10s", "wait widget/widget -n NS --for=jsonpath={.spec.size}=3 --timeout=10s", "events -n NS", "get pods -n NS --show-managed-fields -o yaml",
		"get endpoints -n NS", "get secrets -n NS -o json", "get pods -n NS --subresource=status web-000 -o json",
		"describe pod web-000 -n NS", "describe configmap settings -n NS", "describe deployment web -n NS", "describe widget widget -n NS",
		"api-resources", "api-resources --api-group=e2e.k8cache.dev --verbs=list", "api-versions", "explain pod.spec.containers",
		"explain widget.spec", "version", "cluster-info", "auth whoami", "auth can-i list pods", "auth can-i --list", "auth can-i watch widgets.e2e.k8cache.dev -A", "api-resources --namespaced=false -o wide", "explain deployment.spec.strategy --recursive",
		"describe node node-1", "describe events web.1 -n NS", "describe gadgets", "get --raw /healthz",
		"get --raw /openapi/v3/apis/e2e.k8cache.dev/v1", "get --raw /api/v1/namespaces/NS/configmaps/settings",
		"rollout history deployment/web -n NS",
	} {
		t.Run(line, func(t *testing.T) {
			if got := k.same(t, strings.Fields(strings.ReplaceAll(line, "NS", ns))...); got.Code != 0 || got.Out == "" {
				t.Errorf("exit code %d: %s", got.Code, got.Err)
			}
		})
	}
}

// TestKubectlComplaints has what goes wrong, in the same words.
func TestKubectlComplaints(t *testing.T) {
	cluster, _ := east()
	k := newKubectl(t, cluster, cluster.Admin)
	ns := cluster.Namespace("a-b")
	for _, line := range []string{
		"get pod absent -n NS", "get nonsense", "get widgets.v9.e2e.k8cache.dev", "get pods -n NS -l a=b=c",
		"logs web-000 -c nonsense -n NS", "logs absent -n NS", "exec web-000 -c web -n NS -- true", "attach web-000 -c web -n NS", "cp NS/web-000:/etc/hosts hosts -c web",
		"port-forward pod/web-000 0:8080 -n NS", "top pods -n NS", "delete pod absent -n NS", "top nodes", "wait pod/web-000 -n NS --for=condition=Ready --timeout=1s",
		"get pods -n NS --field-selector metadata.name", "explain nonsense", "auth can-i", "diff -f /absent", "patch pod absent -n NS -p {}", "create namespace NS",
		"scale deployment absent --replicas=1 -n NS", "get --raw /nonsense", "rollout status deployment/absent -n NS",
		"create -f /absent", "proxy --port=nonsense", "debug absent -n NS --image=x",
	} {
		t.Run(line, func(t *testing.T) {
			if got := k.same(t, strings.Fields(strings.ReplaceAll(line, "NS", ns))...); got.Code == 0 {
				t.Errorf("exit code 0: %s", got.Out)
			}
		})
	}
}

// TestKubectlOfAPart is the example of the README: what the API server would refuse altogether.
func TestKubectlOfAPart(t *testing.T) {
	p := eastPair()
	who := readerOfThree(t, p)
	k := newKubectl(t, p.cluster, who)
	if refused := k.run(t, k.direct, "", "get", "pods", "-A"); refused.Code == 0 || !strings.Contains(refused.Err, "Forbidden") {
		t.Errorf("the API server did not refuse: %v", refused)
	}
	got := k.run(t, k.cached, "", "get", "pods", "-A", "-o", "name")
	var want strings.Builder
	for _, item := range list(t, cached(t, p.server, get(who, "/api/v1/pods"))).Items {
		want.WriteString("pod/" + item.Name + "\n")
	}
	if diff := cmp.Diff(said{Out: want.String()}, got); diff != "" || want.Len() == 0 {
		t.Errorf("names (-want +got):\n%s", diff)
	}
	if table := k.run(t, k.cached, "", "get", "pods", "-A"); table.Code != 0 || !strings.Contains(table.Out, p.cluster.Namespace("n07")) {
		t.Errorf("table: %v", table)
	}
	k.same(t, "get", "pods", "-n", p.cluster.Namespace("a"))
	k.same(t, "get", "pods", "-n", p.cluster.Namespace("b"))
	k.same(t, "delete", "pod", "web-000", "-n", p.cluster.Namespace("a-b"))
	k.same(t, "auth", "can-i", "list", "pods", "-n", p.cluster.Namespace("a"))
}
