package e2e

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
)

// script runs one of test/js with a kubeconfig, with the official client of JavaScript.
func script(t *testing.T, kubeconfig, name string, args ...string) *exec.Cmd {
	t.Helper()
	dir := os.Getenv("K8CACHE_JS")
	if dir == "" {
		t.Skip("needs node and what npm installs into test/js: run make test-js")
	}
	cmd := exec.CommandContext(t.Context(), "node", append([]string{filepath.Join(dir, name)}, args...)...)
	cmd.Env = []string{"KUBECONFIG=" + kubeconfig, "HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}
	return cmd
}

// kubeconfigs lead a caller to both servers.
func kubeconfigs(t *testing.T, cluster *env.Cluster, front *env.Front, who *testenv.Identity) (direct, cached string) {
	t.Helper()
	direct, cached = filepath.Join(t.TempDir(), "direct"), filepath.Join(t.TempDir(), "cached")
	must(t, testenv.WriteKubeconfig(direct, testenv.Context{Name: "c", Config: who.Config}))
	must(t, testenv.WriteKubeconfig(cached, testenv.Context{Name: "c", Config: front.Config(cluster, who.Config)}))
	return direct, cached
}

// followJS runs the informer of JavaScript until the test ends, and returns what it is told once it has begun.
func followJS(t *testing.T, kubeconfig string, args ...string) *seen {
	t.Helper()
	cmd := script(t, kubeconfig, "follow.js", args...)
	out, err := cmd.StdoutPipe()
	must(t, err)
	in, err := cmd.StdinPipe()
	must(t, err)
	complaints := &output{}
	cmd.Stderr = complaints
	must(t, cmd.Start())
	s, started := newSeen(), make(chan struct{})
	var reading sync.WaitGroup
	reading.Go(func() {
		lines := bufio.NewScanner(out)
		begun := false
		for lines.Scan() {
			kind, what, _ := strings.Cut(lines.Text(), " ")
			key, version, _ := strings.Cut(what, "@")
			switch {
			case kind == "STARTED":
				begun = true
				close(started)
			case begun:
				s.told(kind, key, version)
			default:
				s.began(key, version)
			}
		}
		if !begun {
			close(started)
		}
	})
	t.Cleanup(func() {
		_ = in.Close() // upon which it ends
		reading.Wait()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("node: %s", complaints)
		}
	})
	<-started
	return s
}

// TestJavaScriptInformer runs the informer of the official client of JavaScript on both servers while things happen.
func TestJavaScriptInformer(t *testing.T) {
	p := eastPair()
	direct, cached := kubeconfigs(t, p.cluster, shared.Front, p.cluster.Admin)
	ns := quietNamespace(t, p.cluster)
	configMap(t, p.cluster, ns, "before", "x")
	followed := map[string]struct{ direct, cached *seen }{
		"":           {followJS(t, direct, ns), followJS(t, cached, ns)},
		"chosen=yes": {followJS(t, direct, ns, "chosen=yes"), followJS(t, cached, ns, "chosen=yes")},
	}
	happenings(t, p.cluster, ns, "last-of-all")
	for selector, each := range followed {
		want := there(t, p.cluster, ns, selector)
		each.direct.waits(t, "direct", want)
		each.cached.waits(t, "cached", want)
		each.cached.sameAs(t, each.direct)
	}
}

// TestJavaScriptInformerOfAPart follows all namespaces as somebody who may see one.
func TestJavaScriptInformerOfAPart(t *testing.T) {
	p := eastPair()
	who, mine, other := user(t, p.cluster), quietNamespace(t, p.cluster), quietNamespace(t, p.cluster)
	grant(t, p.cluster, who, mine, readConfigMaps)
	knows(t, p.server, who, "/api/v1/namespaces/"+mine+"/configmaps")
	direct, cached := kubeconfigs(t, p.cluster, shared.Front, who)
	part, whole := followJS(t, cached, ""), followJS(t, direct, mine)
	happenings(t, p.cluster, other, "last-of-others")
	happenings(t, p.cluster, mine, "last-of-mine")
	want := there(t, p.cluster, mine, "")
	whole.waits(t, "direct", want)
	part.waits(t, "cached", want)
	part.sameAs(t, whole)
}

// TestJavaScriptReads lists, pages, gets and watches, and is refused, both ways.
func TestJavaScriptReads(t *testing.T) {
	p := eastPair()
	direct, cached := kubeconfigs(t, p.cluster, shared.Front, p.cluster.Admin)
	ns := quietNamespace(t, p.cluster)
	happenings(t, p.cluster, ns, "last-of-all")
	known(t, p, ns, "last-of-all")
	read := func(kubeconfig string) string {
		out, err := script(t, kubeconfig, "read.js", ns).CombinedOutput()
		if err != nil {
			t.Fatal(fmt.Errorf("%w: %s", err, out))
		}
		return string(out)
	}
	want, got := read(direct), read(cached)
	if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" || !strings.Contains(want, "watch [") {
		t.Errorf("(-direct +cached):\n%s", diff)
	}
}
