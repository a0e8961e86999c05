package e2e

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// TestThreat40_StopsInOrder sends SIGTERM while a write is under way and a watch is open: the write is answered, the watch
// ends cleanly, readiness goes first, and the exit code is 0.
func TestThreat40_StopsInOrder(t *testing.T) {
	tap := newTap(t)
	front := start(t, []testenv.Context{tap.Context(shared.East.Name)}, testenv.ProcessOptions{})
	server, who := front.Of(shared.East), shared.East.Admin
	watch, err := server.Open(t.Context(), get(who, "/api/v1/namespaces/"+shared.East.Namespace("a")+"/configmaps?watch=1"))
	must(t, err)
	defer watch.Body.Close() //nolint:errcheck // it has ended
	if _, err := bufio.NewReader(watch.Body).ReadString('\n'); err != nil {
		t.Fatalf("first event: %v", err)
	}
	held, release := context.WithCancel(t.Context())
	defer release()
	path := "/api/v1/namespaces/" + shared.East.Namespace("a") + "/configmaps"
	tap.Rule(env.Hold(held, path))
	answers := make(chan error, 1)
	go func() {
		answer, err := server.Ask(t.Context(), ask(http.MethodPost, who, path+"?dryRun=All", `{"metadata":{"name":"late"}}`))
		if err == nil && answer.Code != http.StatusCreated {
			err = fmt.Errorf("code %d: %s", answer.Code, answer.Body)
		}
		answers <- err
	}()
	eventually(t, "the write under way", func() error {
		for _, seen := range tap.Seen(path) {
			if seen.Method == http.MethodPost {
				return nil
			}
		}
		return errors.New("not seen")
	})
	must(t, front.Process.Signal(syscall.SIGTERM))
	eventually(t, "not ready any more, in words", func() error {
		answer, err := askAdmin(t, front.Process.AdminURL, "/readyz")
		if err == nil && answer.Code != http.StatusServiceUnavailable {
			err = fmt.Errorf("code %d", answer.Code)
		}
		return err
	})
	release()
	if err := <-answers; err != nil {
		t.Errorf("the write under way: %v", err)
	}
	if _, err := io.Copy(io.Discard, watch.Body); err != nil {
		t.Errorf("the watch did not end cleanly: %v", err)
	}
	if err := front.Process.Err(); err != nil {
		t.Errorf("ended with %v, want exit code 0", err)
	}
}

// TestThreat40_StopsThoughSomebodyNeverReads has a client that holds a connection and takes nothing.
func TestThreat40_StopsThoughSomebodyNeverReads(t *testing.T) {
	front := start(t, []testenv.Context{shared.East.Context()}, testenv.ProcessOptions{})
	server := front.Of(shared.East)
	watch, err := server.Open(t.Context(), get(shared.East.Admin, manyPods+"?watch=1"))
	must(t, err)
	defer watch.Body.Close() //nolint:errcheck // it is never read
	began := time.Now()
	must(t, front.Process.Signal(syscall.SIGTERM))
	if err := front.Process.Err(); err != nil {
		t.Errorf("ended with %v, want exit code 0", err)
	}
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("took %s", took)
	}
}

// TestThreat40_KilledItStartsAnew is whole again as soon as it is ready, at the same address.
func TestThreat40_KilledItStartsAnew(t *testing.T) {
	options := testenv.ProcessOptions{Args: []string{"--preload=pods"}}
	first := start(t, []testenv.Context{shared.East.Context()}, options)
	must(t, first.Process.Signal(syscall.SIGKILL))
	if err := first.Process.Err(); err == nil {
		t.Fatal("it was not killed")
	}
	options.Listen = strings.TrimPrefix(first.Process.URL, "https://")
	second := start(t, []testenv.Context{shared.East.Context()}, options)
	answer := pair{shared.East, second.Of(shared.East)}.sameList(t, shared.East.Admin, "/api/v1/pods")
	check(t, "pods", validate.FromMemory(answer.Header))
}
