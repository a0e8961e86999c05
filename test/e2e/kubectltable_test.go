package e2e

import (
	"bufio"
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestKubectlTables prints what runs with time, and what is selected, sorted and paged.
func TestKubectlTables(t *testing.T) {
	cluster, _ := east()
	k := newKubectl(t, cluster, cluster.Admin)
	ns := aging(t, cluster)
	for _, line := range []string{
		"get pods -n NS", "get pods -n NS -o wide", "get pods -A", "get pods -A -o wide --sort-by=.metadata.creationTimestamp", "get pods -n NS --sort-by=.status.phase",
		"get pods -n NS -l none", "get pods -n NS -l !none", "get pods -n NS --field-selector=status.phase=Running", "get pods -A --chunk-size=50", "get pods -n NS --chunk-size=2",
		"get pod restarted -n NS", "get pod restarted sidecar -n NS", "get pod/failed job/runs -n NS", "get pods -n NS --no-headers", "get pods -n NS --show-kind --show-labels",
		"get jobs,cronjobs -n NS", "get cronjobs -n NS -o wide", "get events -n NS", "get events -n NS -o wide --sort-by=.metadata.name", "get events.events.k8s.io -n NS",
		"get nodes -o wide", "get clusterroles", "get crds", "get apiservices", "get flowschemas", "get ipaddresses", "get deployments -A -o wide",
		"get widgets -A -o wide", "get widgets -A --sort-by=.spec.size", "get gadgets.v1beta1.e2e.k8cache.dev", "get pods -n absent", "get pod absent -n NS",
	} {
		t.Run(line, func(t *testing.T) { k.same(t, strings.Fields(strings.ReplaceAll(line, "NS", ns))...) })
	}
}

// TestKubectlWatchesTables follows changes in both, of all and of one object.
func TestKubectlWatchesTables(t *testing.T) {
	cluster, _ := east()
	k := newKubectl(t, cluster, cluster.Admin)
	var diff string
	for range turns {
		namespace := namespace(t, cluster)
		configMap(t, cluster, namespace, "before", "x")
		ctx, cancel := context.WithTimeout(t.Context(), soon)
		want, got := k.follow(ctx, t, k.direct, namespace), k.follow(ctx, t, k.cached, namespace)
		first := fmt.Sprint(want.until("before"), got.until("before"))
		if !strings.Contains(first, "NAME") {
			t.Errorf("no header: %s", first)
		}
		changed := configMap(t, cluster, namespace, "changed", "x")
		remove(t, cluster, changed)
		configMap(t, cluster, namespace, "last", "x")
		diff = cmp.Diff(want.until("last"), got.until("last"))
		cancel()
		want.wait()
		got.wait()
		if diff == "" {
			return
		}
	}
	t.Errorf("(-direct +cached):\n%s", diff)
}

// followed is kubectl while it watches.
type followed struct {
	command *exec.Cmd
	lines   *bufio.Scanner
}

func (k kubectl) follow(ctx context.Context, t *testing.T, kubeconfig, namespace string) followed {
	t.Helper()
	command := k.command(ctx, kubeconfig, "get", "configmaps", "-n", namespace, "--watch", "-o", "wide", "--field-selector=metadata.name!=kube-root-ca.crt")
	out, err := command.StdoutPipe()
	must(t, err)
	must(t, command.Start())
	return followed{command, bufio.NewScanner(out)}
}

// until reads lines up to one that begins with a name.
func (f followed) until(name string) []string {
	var lines []string
	for f.lines.Scan() {
		lines = append(lines, f.lines.Text())
		if strings.HasPrefix(f.lines.Text(), name) {
			break
		}
	}
	return lines
}

// wait is for when the context has ended.
func (f followed) wait() { _ = f.command.Wait() } // it was killed
