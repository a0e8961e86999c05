package main

import (
	"bytes"
	"cmp"
	"os"
	"testing"
)

// TestWhatTheDemoPrintsIsTrue runs the demo as make does, with fewer objects, and tries each line that it prints. Where it
// fails, the log says what came of them.
func TestWhatTheDemoPrintsIsTrue(t *testing.T) {
	binary := cmp.Or(os.Getenv("K8CACHE_BINARY"), "../../bin/k8cache")
	t.Setenv("TMPDIR", t.TempDir())
	var out bytes.Buffer
	err := run(t.Context(), []string{
		"--once", "--east-pods=600", "--west-pods=100", "--k8cache=" + binary, "--manifests=../../deploy",
	}, &out)
	if err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
