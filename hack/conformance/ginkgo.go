package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/k8cache/k8cache/hack/testenv"
)

// outcome is what came of one run of a gate.
type outcome struct {
	way      way
	took     time.Duration
	specs    map[string]spec // by full name
	answered answered
}

// spec is what came of one test.
type spec struct {
	passed bool
	why    string
}

// passed counts.
func (o outcome) passed() int {
	n := 0
	for _, s := range o.specs {
		if s.passed {
			n++
		}
	}
	return n
}

// ginkgo runs a gate one way. That tests fail is no error: they are counted.
func ginkgo(ctx context.Context, o options, g gate, way way, kubeconfig, dir string) (outcome, error) {
	kubectl, err := testenv.Binary("kubectl")
	if err != nil {
		return outcome{}, err
	}
	report, log := filepath.Join(dir, g.name+"-"+way.file+".json"), filepath.Join(dir, g.name+"-"+way.file+".log")
	out, err := os.Create(log) //nolint:gosec // in a folder of our own
	if err != nil {
		return outcome{}, err
	}
	cmd := exec.CommandContext(ctx, o.ginkgo(), //nolint:gosec // running what we are told to run is the purpose
		"run", "--procs="+strconv.Itoa(o.procs), "--timeout=1h", "--no-color", "--focus="+g.focus, "--skip="+g.skip, "--json-report="+filepath.Base(report), "--output-dir="+dir,
		o.e2e(), "--", "--kubeconfig="+kubeconfig, "--provider=skeleton", "--num-nodes=1", "--allowed-not-ready-nodes=-1", "--minStartupPods=0", "--kubectl-path="+kubectl,
		"--kube-api-content-type="+way.contentType)
	cmd.Stdout, cmd.Stderr = out, out
	// An interrupt lets the tests clean up.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = time.Minute
	began := time.Now()
	err = errors.Join(cmd.Run(), out.Close())
	took := time.Since(began)
	if exit := (*exec.ExitError)(nil); err != nil && (!errors.As(err, &exit) || ctx.Err() != nil) {
		return outcome{}, err
	}
	specs, err := readReport(report)
	if err != nil {
		return outcome{}, fmt.Errorf("%s, %s: %w (see %s)", g.name, way.file, err, log)
	}
	return outcome{took: took, specs: specs}, nil
}

// readReport reads what ginkgo wrote (Report in github.com/onsi/ginkgo/v2/types).
func readReport(path string) (map[string]spec, error) {
	text, err := os.ReadFile(path) //nolint:gosec // in a folder of our own
	if err != nil {
		return nil, err
	}
	var reports []struct {
		SpecReports []struct {
			ContainerHierarchyTexts    []string
			LeafNodeType, LeafNodeText string
			State                      string
			Failure                    struct{ Message string }
		}
	}
	if err := json.Unmarshal(text, &reports); err != nil {
		return nil, err
	}
	specs := map[string]spec{}
	for _, report := range reports {
		for _, s := range report.SpecReports {
			if s.LeafNodeType != "It" || s.State == "skipped" || s.State == "pending" {
				continue
			}
			why, _, _ := strings.Cut(s.Failure.Message, "\n")
			specs[strings.Join(append(s.ContainerHierarchyTexts, s.LeafNodeText), " ")] = spec{passed: s.State == "passed", why: why}
		}
	}
	if len(specs) == 0 {
		return nil, errors.New("no test was run")
	}
	return specs, nil
}
