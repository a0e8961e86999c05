package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// someReport has two servers' lists and one size's sync, so that there is something to compare and something to leave out.
func someReport() *report {
	one := listCase{1000, true, 1, false}
	return &report{
		options: options{pods: 1000, rounds: 5},
		lists: []listResult{
			{listCase: one, server: ours, sample: sample{each: 2 * time.Millisecond, cpu: time.Millisecond, rate: 500, bytes: 3e6}},
			{listCase: one, server: theirs, sample: sample{each: 200 * time.Millisecond, cpu: 90 * time.Millisecond, rate: 5, bytes: 5e6}},
		},
		syncs: []syncResult{
			{pods: 1000, kind: bare, synced: synced{Took: time.Second}},
			{pods: 1000, kind: ours, synced: synced{Took: 1200 * time.Millisecond, Heap: 30e6}},
		},
	}
}

func TestAimsAreHeldAgainstWhatWasMeasured(t *testing.T) {
	want := table{
		{"aim", "wanted", "measured", "met"},
		{"gzip list, 1 caller: kube-apiserver's server CPU", "≥ 100×", "90.0×", "no"},
		{"gzip list, 1 caller: lists/s of kube-apiserver's", "≥ 50×", "100×", "yes"},
		{"heap after GC, synced", "≤ 25 MB", "30.0 MB", "no"},
		{"sync: time of the bare reader's", "≤ 1.5×", "1.20×", "yes"},
	}
	if diff := cmp.Diff(want, someReport().aims()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestReportLeavesOutWhatWasNotMeasured(t *testing.T) {
	got := someReport().markdown()
	for _, title := range []string{"Aims", "Lists of 1000 pods", "Memory and sync"} {
		if !strings.Contains(got, "### "+title) {
			t.Errorf("nothing on %q in\n%s", title, got)
		}
	}
	for _, title := range []string{"The list after changes", "A caller", "From a write", "as the cluster grows"} {
		if strings.Contains(got, title) {
			t.Errorf("a table on %q, which was not measured", title)
		}
	}
}

func TestReportSaysWhenProtocolsDiffer(t *testing.T) {
	r := someReport()
	r.lists[0].protocol, r.lists[1].protocol = "HTTP/1.1, TLS 1.3", "HTTP/1.1, TLS 1.2"
	if got := r.protocols(); !strings.HasPrefix(got, "DIFFERENT") {
		t.Errorf("got %q", got)
	}
	r.lists[1].protocol = r.lists[0].protocol
	if got := r.protocols(); got != "HTTP/1.1, TLS 1.3 with every server" {
		t.Errorf("got %q", got)
	}
}

func TestResultsAreReplacedAndNothingElse(t *testing.T) {
	document := "# Performance\n\n" + resultsBegin + "old\n" + resultsEnd + "\nBy hand.\n"
	want := "# Performance\n\n" + resultsBegin + "\nnew\n\n" + resultsEnd + "\nBy hand.\n"
	got, err := replaceResults(document, "new\n")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, err := replaceResults("# Another document\n", "new\n"); err == nil {
		t.Error("a document without a place for results was changed")
	}
}

func TestMarkOf(t *testing.T) {
	for name, test := range map[string]struct {
		object string
		want   int
		ok     bool
	}{
		"a label":            {`{"metadata":{"labels":{"app":"p3x","bench-write":"p42x"}}}`, 42, true},
		"its managed field":  {`{"metadata":{"managedFields":[{"f:labels":{"f:bench-write":{}}}]}}`, 0, false},
		"no such label":      {`{"metadata":{"labels":{"app":"p3x"}}}`, 0, false},
		"a label of another": {`{"metadata":{"labels":{"bench-write":"prod"}}}`, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := markOf([]byte(test.object)); got != test.want || ok != test.ok {
				t.Errorf("got %d, %t, want %d, %t", got, ok, test.want, test.ok)
			}
		})
	}
}
