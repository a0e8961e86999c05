package main

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseMemory(t *testing.T) {
	const status = "Name:\tk8cache\nVmPeak:\t 2000000 kB\nVmHWM:\t   60000 kB\nVmRSS:\t   50000 kB\nThreads:\t9\n"
	want := memory{now: 50000 << 10, peak: 60000 << 10}
	if diff := cmp.Diff(want, parseMemory(status), cmp.AllowUnexported(memory{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := parseMemory("no such file"); got != (memory{}) {
		t.Errorf("got %v out of nothing", got)
	}
}

func TestCPUTimeGrows(t *testing.T) {
	before, err := cpuTime(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	sum := 0
	for i := range 10_000_000 {
		sum += i % 7
	}
	after, err := cpuTime(os.Getpid())
	if err != nil || after <= before {
		t.Errorf("got %s after %s, %v (and %d)", after, before, err, sum)
	}
}
