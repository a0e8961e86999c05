package e2e

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestKubectlWrites makes, changes and deletes through k8cache, and looks at the API server what came of it.
func TestKubectlWrites(t *testing.T) {
	cluster, _ := east()
	k := newKubectl(t, cluster, cluster.Admin)
	ns := namespace(t, cluster)
	maps := cluster.Client.CoreV1().ConfigMaps(ns)
	value := func(name, key string) string {
		made, err := maps.Get(t.Context(), name, metav1.GetOptions{})
		must(t, err)
		return made.Data[key]
	}
	run := func(stdin string, args ...string) {
		t.Helper()
		if got := k.run(t, k.cached, stdin, append(args, "-n", ns)...); got.Code != 0 {
			t.Fatalf("kubectl %s: %s", strings.Join(args, " "), got.Err)
		}
	}
	manifest := func(value string) string {
		return "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {key: " + value + "}\n"
	}
	expect := func(name, want string) {
		t.Helper()
		if got := value(name, "key"); got != want {
			t.Errorf("%s: the API server has %q, want %q", name, got, want)
		}
	}
	run("", "create", "configmap", "created", "--from-literal=key=one")
	expect("created", "one")
	run(manifest("one"), "apply", "-f", "-")
	run(manifest("two"), "apply", "-f", "-")
	expect("applied", "two")
	run(manifest("three"), "apply", "--server-side", "--force-conflicts", "-f", "-")
	expect("applied", "three")
	run("", "patch", "configmap", "created", "-p", `{"data":{"key":"patched"}}`)
	expect("created", "patched")
	run("", "patch", "configmap", "created", "--type=json", "-p", `[{"op":"replace","path":"/data/key","value":"patched again"}]`)
	expect("created", "patched again")
	run(strings.ReplaceAll(manifest("replaced"), "applied", "created"), "replace", "-f", "-")
	expect("created", "replaced")
	run("", "label", "configmap", "created", "from=kubectl")
	run("", "annotate", "configmap", "created", "note=x")
	run("", "create", "deployment", "scaled", "--image=example.test/x", "--replicas=0")
	run("", "scale", "deployment", "scaled", "--replicas=2")
	run("", "set", "image", "deployment/scaled", "x=example.test/y")
	run("", "rollout", "restart", "deployment/scaled")
	run("", "expose", "deployment", "scaled", "--port=80")
	run("", "wait", "configmap/created", "--for=jsonpath={.data.key}=replaced", "--timeout=10s")
	run("", "delete", "configmap", "created", "applied")
	run("", "delete", "deployment,service", "--all", "--wait=false")
	left, err := maps.List(t.Context(), metav1.ListOptions{FieldSelector: "metadata.name!=kube-root-ca.crt"})
	must(t, err)
	if len(left.Items) != 0 {
		t.Errorf("%d config maps are left", len(left.Items))
	}
	if diff := k.run(t, k.cached, manifest("other"), "diff", "-f", "-", "-n", ns); diff.Code != 1 || !strings.Contains(diff.Out, "+  key: other") {
		t.Errorf("diff: %v", diff)
	}
}

// TestKubectlWatches sees a change in the stream of get -w.
func TestKubectlWatches(t *testing.T) {
	cluster, _ := east()
	k := newKubectl(t, cluster, cluster.Admin)
	ns := namespace(t, cluster)
	configMap(t, cluster, ns, "before", "x")
	cmd := k.command(t.Context(), k.cached, "get", "configmaps", "-n", ns, "-w", "-o", "name")
	out := &output{}
	cmd.Stdout, cmd.Stderr = out, out
	must(t, cmd.Start())
	defer end(t, cmd)
	out.has(t, "configmap/before")
	configMap(t, cluster, ns, "meanwhile", "x")
	out.has(t, "configmap/meanwhile")
}

// TestKubectlWatchesTheSame has get -w print the same on both servers while things happen.
func TestKubectlWatchesTheSame(t *testing.T) {
	cluster, _ := east()
	k := newKubectl(t, cluster, cluster.Admin)
	ns := quietNamespace(t, cluster)
	configMap(t, cluster, ns, "before", "x")
	lines := []string{"-o name", "-o json", "-o yaml", "-o name -l chosen=yes", "-o jsonpath={.metadata.name}/{.metadata.resourceVersion};", "-o name --field-selector metadata.name!=cm-1"}
	outs := map[string][]*output{}
	for _, line := range lines {
		for _, kubeconfig := range []string{k.direct, k.cached} {
			cmd := k.command(t.Context(), kubeconfig, append([]string{"get", "configmaps", "-n", ns, "-w"}, strings.Fields(line)...)...)
			out := &output{}
			cmd.Stdout, cmd.Stderr = out, out
			must(t, cmd.Start())
			t.Cleanup(func() { end(t, cmd) })
			outs[line] = append(outs[line], out)
			if !strings.Contains(line, "-l ") {
				out.has(t, "before") // from where on it watches
			}
		}
	}
	happenings(t, cluster, ns, "last-of-all")
	for line, both := range outs {
		eventually(t, line, func() error {
			want, got := both[0].String(), both[1].String()
			if want != got || !strings.Contains(got, "last-of-all") {
				return fmt.Errorf("(-direct +cached)\n%s", cmp.Diff(want, got))
			}
			return nil
		})
	}
}

// end ends a process of ours.
func end(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	check(t, "end", cmd.Process.Signal(syscall.SIGTERM))
	_ = cmd.Wait() // that it was ended is no news
}

// output is what a process has written so far.
type output struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buffer.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buffer.String()
}

// has waits for a text.
func (o *output) has(t *testing.T, text string) {
	t.Helper()
	eventually(t, text, func() error {
		if said := o.String(); !strings.Contains(said, text) {
			return fmt.Errorf("so far: %q", said)
		}
		return nil
	})
}
