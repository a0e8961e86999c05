package e2e

import (
	"testing"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
)

// tapped is a k8cache of a test's own, with a tap before the east. The tap is its only cluster, called east.
func tapped(t *testing.T, args ...string) (*env.Tap, pair) {
	t.Helper()
	tap := newTap(t)
	front := start(t, []testenv.Context{tap.Context(shared.East.Name)}, testenv.ProcessOptions{Args: args})
	return tap, pair{shared.East, front.Of(shared.East)}
}

func newTap(t *testing.T) *env.Tap {
	t.Helper()
	tap, err := env.NewTap(shared.East)
	must(t, err)
	t.Cleanup(tap.Close)
	return tap
}

// start runs a k8cache of a test's own.
func start(t *testing.T, contexts []testenv.Context, options testenv.ProcessOptions) *env.Front {
	t.Helper()
	ownFront(t)
	front, err := env.Run(t.Context(), contexts, options)
	must(t, err)
	t.Cleanup(func() { check(t, "stop k8cache", front.Stop()) })
	return front
}

// ownFront skips a test that needs the binary.
func ownFront(t *testing.T) {
	t.Helper()
	if shared.Front.Process == nil {
		t.Skip("needs a k8cache of its own")
	}
}
