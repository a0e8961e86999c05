package testenv

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/client-go/rest"
)

func TestProcessIsReadyAndEndsInOrder(t *testing.T) {
	t.Setenv(standIn, "k8cache")
	logs := filepath.Join(t.TempDir(), "log")
	p, err := StartProcess(t.Context(), ProcessOptions{Binary: os.Args[0], Kubeconfig: "clusters", Args: []string{"--preload=pods"}, LogFile: logs})
	if err != nil {
		t.Fatal(err)
	}
	direct := &rest.Config{Host: "https://127.0.0.1:6443", BearerToken: "token", TLSClientConfig: rest.TLSClientConfig{CAData: []byte("ca")}}
	want := &rest.Config{Host: p.URL + "/clusters/east", BearerToken: "token", TLSClientConfig: rest.TLSClientConfig{CAFile: p.CAFile()}}
	if diff := cmp.Diff(want.String(), p.Config("east", direct).String()); diff != "" {
		t.Errorf("config (-want +got):\n%s", diff)
	}
	// It must hear that it is to end even while it is stopped.
	if err := p.Signal(syscall.SIGSTOP); err != nil {
		t.Error(err)
	}
	if err := p.Stop(); err != nil {
		t.Error(err)
	}
	if err := p.Err(); err != nil {
		t.Errorf("ended with %v, want exit code 0", err)
	}
	if said, err := os.ReadFile(logs); err != nil || string(said) != "ended in order\n" {
		t.Errorf("got log %q, %v", said, err)
	}
}

func TestProcessThatEndsAtOnceIsReportedWithItsLog(t *testing.T) {
	t.Setenv(standIn, "broken")
	began := time.Now()
	_, err := StartProcess(t.Context(), ProcessOptions{Binary: os.Args[0]})
	if err == nil || !strings.Contains(err.Error(), "cannot read the kubeconfig") || !strings.Contains(err.Error(), "exit status 2") {
		t.Errorf("got %v, want its exit status and what it said", err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("took %s to notice", took)
	}
}

func TestProcessWithoutBinary(t *testing.T) {
	if _, err := StartProcess(t.Context(), ProcessOptions{Binary: filepath.Join(t.TempDir(), "k8cache")}); err == nil {
		t.Error("got no error for a binary that is not there")
	}
}
