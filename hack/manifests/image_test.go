package manifests

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// instructions are those of a Dockerfile, each a line of words, with continued lines joined.
func instructions(t *testing.T, path string) [][]string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var found [][]string
	for line := range strings.Lines(strings.ReplaceAll(string(content), "\\\n", " ")) {
		if words := strings.Fields(line); len(words) > 0 && words[0][0] != '#' {
			found = append(found, words)
		}
	}
	return found
}

// TestThreat41_TheImageHoldsNothingElse reads what the image will be made of: nothing to begin with, a static binary, no
// shell to run anything, and a user who is not root. That it was never built here is said in docs/development.md.
func TestThreat41_TheImageHoldsNothingElse(t *testing.T) {
	all := instructions(t, "../../deploy/Dockerfile")
	last := len(all) - 1
	for ; all[last][0] != "FROM"; last-- {
		if !slices.Contains([]string{"COPY", "USER", "EXPOSE", "ENTRYPOINT", "LABEL"}, all[last][0]) {
			t.Errorf("the image runs or fetches something: %v", all[last])
		}
	}
	if from := all[last][1]; from != "scratch" {
		t.Errorf("the image begins with %s, and not with nothing", from)
	}
	var user, static bool
	for i, words := range all {
		line := strings.Join(words, " ")
		if i > last && words[0] == "USER" {
			id, err := strconv.Atoi(strings.Split(words[1], ":")[0])
			user = err == nil && id > 0
		}
		if words[0] == "FROM" && i != last && strings.HasSuffix(line, "latest") {
			t.Errorf("not pinned: %s", line)
		}
		static = static || strings.Contains(line, "CGO_ENABLED=0") && strings.Contains(line, "go build -trimpath")
	}
	if !user || !static {
		t.Errorf("a user by number who is not root: %t, a static binary: %t", user, static)
	}
}
