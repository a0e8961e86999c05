package testenv

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// child is a process we started. Its one goroutine waits for it to end; stop waits for that goroutine.
type child struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when the process has ended and err is set
	err  error
}

// startChild runs a binary in a process group of its own, so that a Ctrl-C in a terminal reaches only us and we end our
// children in order. The process outlives ctx: stop ends it.
func startChild(ctx context.Context, log *os.File, env []string, binary string, args ...string) (*child, error) {
	cmd := exec.CommandContext(context.WithoutCancel(ctx), binary, args...) //nolint:gosec // running what we are told to run is the purpose
	cmd.Env = append(os.Environ(), env...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", filepath.Base(binary), err)
	}
	c := &child{cmd: cmd, done: make(chan struct{})}
	go func() {
		defer close(c.done)
		c.err = cmd.Wait()
	}()
	return c, nil
}

func (c *child) pid() int { return c.cmd.Process.Pid }

func (c *child) name() string { return filepath.Base(c.cmd.Path) }

// exited returns the process's error once it has ended.
func (c *child) exited() (bool, error) {
	select {
	case <-c.done:
		return true, c.err
	default:
		return false, nil
	}
}

// waitOK waits until a GET of url, one of the child's, is answered with 200.
func (c *child) waitOK(ctx context.Context, url string, timeout time.Duration) error {
	client := insecureClient()
	err := wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, timeout, true, func(ctx context.Context) (bool, error) {
		if ended, err := c.exited(); ended {
			return false, errors.Join(errors.New("it ended"), err)
		}
		return answersOK(ctx, client, url), nil
	})
	if err != nil {
		return fmt.Errorf("wait for %s to be ready: %w", c.name(), err)
	}
	return nil
}

func answersOK(ctx context.Context, client *http.Client, url string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	response, err := client.Do(request)
	if err != nil {
		return false
	}
	return response.Body.Close() == nil && response.StatusCode == http.StatusOK
}

// stop asks the process to end, waits for it, and kills it when it has not ended in time.
// That it ended by our signal is no error; that it had ended before is none either, as fault tests kill it on purpose.
func (c *child) stop(grace time.Duration) error {
	// SIGCONT because a process that was stopped would not hear the other.
	for _, signal := range []syscall.Signal{syscall.SIGCONT, syscall.SIGTERM} {
		if err := c.cmd.Process.Signal(signal); err != nil && !errors.Is(err, os.ErrProcessDone) {
			return fmt.Errorf("stop %s: %w", c.name(), err)
		}
	}
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-c.done:
		return nil
	case <-timer.C:
	}
	err := c.cmd.Process.Kill()
	<-c.done
	return errors.Join(fmt.Errorf("stop %s: not ended after %s, killed", c.name(), grace), err)
}
