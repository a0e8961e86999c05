package e2e

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/wire"
)

var update = flag.Bool("update", false, "write the golden files anew, as the API server answers")

// TestGolden asks what testdata/golden has, and wants the answers that stand there: of the API server, so that the files
// stay true as Kubernetes changes, and of k8cache. A file says what it is about, then the request, then the answer. Of
// the caller named "part", the API server refuses what k8cache answers, so it is not asked.
func TestGolden(t *testing.T) {
	ownPlane(t) // the files name the samples as they are called there
	p := eastPair()
	callers := map[string]*testenv.Identity{"": p.cluster.Admin, "nobody": user(t, p.cluster), "part": readerOfThree(t, p)}
	files, err := filepath.Glob("testdata/golden/*.http")
	must(t, err)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".http"), func(t *testing.T) {
			want := readGolden(t, file)
			who := callers[want.caller]
			got := want.answered(t, p.server, who)
			source := got
			if want.caller != "part" {
				source = want.answered(t, p.cluster.Server, who)
			}
			if *update {
				must(t, os.WriteFile(file, []byte(want.head+"\n"+source), 0o600))
				return
			}
			if diff := cmp.Diff(want.answer, source); diff != "" && want.caller != "part" {
				t.Errorf("the API server (-file +answer):\n%s", diff)
			}
			if diff := cmp.Diff(want.answer, got); diff != "" {
				t.Errorf("k8cache (-file +answer):\n%s", diff)
			}
		})
	}
}

// golden is a file: its first part as it is written and as it is read, and the answer.
type golden struct {
	head, answer string
	method, path string
	lines        []string
	caller       string
}

func readGolden(t *testing.T, file string) golden {
	t.Helper()
	text, err := os.ReadFile(file)
	must(t, err)
	var g golden
	g.head, g.answer, _ = strings.Cut(string(text), "\n\n")
	g.head = strings.TrimSuffix(g.head, "\n") + "\n"
	for line := range strings.Lines(g.head) {
		line = strings.TrimSuffix(line, "\n")
		caller, named := strings.CutPrefix(line, "Caller: ")
		switch {
		case strings.HasPrefix(line, "# "):
		case named:
			g.caller = caller
		case g.method == "":
			g.method, g.path, _ = strings.Cut(line, " ")
		default:
			g.lines = append(g.lines, line)
		}
	}
	return g
}

// answered puts the request and writes down the answer.
func (g golden) answered(t *testing.T, server *env.Server, who *testenv.Identity) string {
	t.Helper()
	answer, err := server.Ask(t.Context(), ask(g.method, who, g.path, "", g.lines...))
	must(t, err)
	var text strings.Builder
	fmt.Fprintf(&text, "%d %s\n", answer.Code, http.StatusText(answer.Code))
	for _, name := range []string{"Cache-Control", "Content-Encoding", "Content-Type", "Retry-After", "Vary", "Warning", "X-Content-Type-Options"} {
		for _, value := range answer.Header.Values(name) {
			text.WriteString(name + ": " + value + "\n")
		}
	}
	body := wire.Neutral(string(answer.Body))
	for _, known := range incidental {
		body = known.pattern.ReplaceAllString(body, known.instead)
	}
	if who != nil {
		body = strings.ReplaceAll(body, who.Name, "CALLER")
	}
	return text.String() + "\n" + strings.TrimSuffix(body, "\n") + "\n"
}

// incidental is what is otherwise in each run, or long and of no interest.
var incidental = slices.Clip([]struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`(?s)"managedFields":\[.*?\]([,}])`), `"managedFields":[...]$1`},
	{regexp.MustCompile(`(?s)( +)managedFields:\n(( +)- .*?\n)(    [a-z]|  [a-z])`), "${1}managedFields: [...]\n$4"},
	{regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`), "UID"},
	{regexp.MustCompile(`20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ`), "TIME"},
	{regexp.MustCompile(`(resourceVersion"?: ?")\d+"`), `${1}VERSION"`},
	{regexp.MustCompile(`"10\.96\.\d+\.\d+"`), `"10.96.X.Y"`},
})
