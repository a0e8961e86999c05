package e2e

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"

	"k8s.io/client-go/rest"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// admin asks the admin listener of a k8cache of ours.
func admin(t *testing.T, front *env.Front, path string) *env.Answer {
	t.Helper()
	if front.Process == nil {
		t.Skip("needs the admin listener")
	}
	answer, err := askAdmin(t, front.Process.AdminURL, path)
	must(t, err)
	return answer
}

func askAdmin(t *testing.T, address, path string) (*env.Answer, error) {
	t.Helper()
	server, err := env.NewServer(&rest.Config{Host: address})
	must(t, err)
	defer server.Close()
	return server.Ask(t.Context(), env.Request{Path: path})
}

// starting is a k8cache that is being started.
type starting struct {
	admin string
	done  chan struct{}
	front *env.Front
	err   error
}

// freeAddress is one of this machine at which nobody listened a moment ago.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	defer listener.Close() //nolint:errcheck // nobody has connected
	return listener.Addr().String()
}

// startUnready starts one that does not get ready yet.
func startUnready(t *testing.T, contexts []testenv.Context, args ...string) *starting {
	t.Helper()
	ownFront(t)
	address := freeAddress(t)
	s := &starting{admin: "http://" + address, done: make(chan struct{})}
	go func() {
		defer close(s.done)
		s.front, s.err = env.Run(t.Context(), contexts, testenv.ProcessOptions{AdminListen: address, Args: args})
	}()
	t.Cleanup(func() {
		<-s.done
		if s.front != nil {
			check(t, "stop k8cache", s.front.Stop())
		}
	})
	return s
}

// unready waits until it says that it is not ready, and why.
func (s *starting) unready(t *testing.T, words ...string) {
	t.Helper()
	eventually(t, "not ready because of "+strings.Join(words, ", "), func() error {
		answer, err := askAdmin(t, s.admin, "/readyz")
		if err != nil {
			return err
		}
		for _, word := range words {
			if answer.Code != http.StatusServiceUnavailable || !strings.Contains(string(answer.Body), word) {
				return fmt.Errorf("code %d: %s", answer.Code, answer.Body)
			}
		}
		return nil
	})
	if answer, err := askAdmin(t, s.admin, "/livez"); err != nil || answer.Code != http.StatusOK {
		t.Errorf("livez: %v, %v", answer, err)
	}
}

// ready waits until it is.
func (s *starting) ready(t *testing.T) {
	t.Helper()
	select {
	case <-s.done:
		must(t, s.err)
	case <-t.Context().Done():
	}
}

// TestReadyOnceClustersAreReachable starts before one of two clusters that does not answer.
func TestReadyOnceClustersAreReachable(t *testing.T) {
	t.Parallel()
	tap := newTap(t)
	tap.Rule(env.Down)
	s := startUnready(t, []testenv.Context{shared.East.Context(), tap.Context("silent")}, "--default-cluster="+shared.East.Name)
	s.unready(t, "silent")
	tap.Rule(nil)
	s.ready(t)
}

// TestReadyOnceThePreloadsAreSynced holds back one of two preloads.
func TestReadyOnceThePreloadsAreSynced(t *testing.T) {
	t.Parallel()
	tap := newTap(t)
	held, release := context.WithCancel(t.Context())
	defer release()
	tap.Rule(env.Hold(held, "/apis/apps/v1/deployments"))
	s := startUnready(t, []testenv.Context{tap.Context(shared.East.Name)}, "--preload=pods,deployments.apps")
	s.unready(t, "deployments")
	release()
	s.ready(t)
	server := s.front.Of(shared.East)
	check(t, "deployments", validate.FromMemory(pair{shared.East, server}.sameList(t, shared.East.Admin, "/apis/apps/v1/deployments").Header))
}

// TestNotSyncedIs503 asks for what cannot be synced: an answer comes in bounded time, and is not an empty list.
func TestNotSyncedIs503(t *testing.T) {
	t.Parallel() // it waits for half a minute
	tap, p := tapped(t)
	held, release := context.WithCancel(t.Context())
	defer release()
	tap.Rule(env.Hold(held, "/api/v1/podtemplates"))
	answer := cached(t, p.server, get(p.cluster.Admin, "/api/v1/podtemplates"))
	refused(t, "not synced", answer, http.StatusServiceUnavailable, "ServiceUnavailable")
	if answer.Header.Get("Retry-After") == "" {
		t.Error("no word on when to try again")
	}
	release()
	eventually(t, "the list", func() error {
		_, err := listOf(cached(t, p.server, get(p.cluster.Admin, "/api/v1/podtemplates")))
		return err
	})
}
