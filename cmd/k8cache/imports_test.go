package main

import (
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const module = "github.com/k8cache/k8cache/"

// The picture in docs/architecture.md is the code's: which package imports which.
func TestImportsAreThoseOfTheArchitecture(t *testing.T) {
	if diff := cmp.Diff(drawn(t), imported(t)); diff != "" {
		t.Errorf("docs/architecture.md (-) and the code (+) differ:\n%s", diff)
	}
}

// drawn reads the lines "package -> packages" of the document.
func drawn(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("../../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	edges := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		from, to, ok := strings.Cut(line, "->")
		if ok && strings.HasPrefix(line, "    ") {
			edges[path.Base(strings.TrimSpace(from))] = sorted(strings.Fields(to))
		}
	}
	return edges
}

// imported asks the go command, leaving out packages that only tests use.
func imported(t *testing.T) map[string][]string {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...")
	list.Dir = "../.."
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	edges := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		from := path.Base(fields[0])
		if from == "rbactest" || from == "sample" {
			continue
		}
		var to []string
		for _, imported := range fields[1:] {
			if strings.HasPrefix(imported, module) {
				to = append(to, path.Base(imported))
			}
		}
		edges[from] = sorted(to)
	}
	return edges
}

func sorted(names []string) []string {
	names = slices.Clone(names)
	slices.Sort(names)
	return slices.Clip(append([]string{}, names...))
}
