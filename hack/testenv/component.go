package testenv

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// Component names one process of a control plane, as its binary is called.
type Component string

// The components that can be sent signals.
const (
	Etcd              Component = "etcd"
	APIServer         Component = "kube-apiserver"
	ControllerManager Component = "kube-controller-manager"
)

// component returns what envtest is to run as the named component, and where its output goes.
// That is a script around the binary that notes its process id, which envtest keeps to itself and fault tests need.
func (c *ControlPlane) component(name Component) (path string, log *os.File, err error) {
	binary, err := Binary(string(name))
	if err != nil {
		return "", nil, err
	}
	path = filepath.Join(c.dir, string(name))
	script := fmt.Sprintf("#!/bin/sh\necho $$ >%s.pid\nexec %s \"$@\"\n", quoted(path), quoted(binary))
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil { //nolint:gosec // it is there to be executed
		return "", nil, err
	}
	log, err = c.openLog(name)
	return path, log, err
}

// quoted returns text as one word of a shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

func (c *ControlPlane) openLog(name Component) (*os.File, error) {
	log, err := os.Create(c.LogFile(name))
	if err != nil {
		return nil, err
	}
	c.logs = append(c.logs, log)
	return log, nil
}

// LogFile is where the named component's output is. It is gone after Stop.
func (c *ControlPlane) LogFile(name Component) string {
	return filepath.Join(c.dir, string(name)+".log")
}

// Signal sends a signal to the named component: SIGKILL to let it die (StartAPIServer brings it back), SIGSTOP to let it
// hang, SIGCONT to go on.
func (c *ControlPlane) Signal(name Component, signal syscall.Signal) error {
	pid, err := c.Pid(name)
	if err != nil {
		return fmt.Errorf("signal %s of %s: %w", name, c.options.Name, err)
	}
	return syscall.Kill(pid, signal)
}

// Pid is the named component's process id, by which benchmarks find its CPU time.
func (c *ControlPlane) Pid(name Component) (int, error) {
	if name == ControllerManager {
		if c.controller == nil {
			return 0, errors.New("it is not running")
		}
		return c.controller.pid(), nil
	}
	content, err := os.ReadFile(filepath.Join(c.dir, string(name)+".pid"))
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(content)))
}

// resume lets stopped processes go on, because they would not hear that they are to end.
func (c *ControlPlane) resume() { c.signalServers(syscall.SIGCONT) }

func (c *ControlPlane) kill() { c.signalServers(syscall.SIGKILL) }

// signalServers cannot fail in a way that matters: a process that is not there needs no signal.
func (c *ControlPlane) signalServers(signal syscall.Signal) {
	_ = c.Signal(APIServer, signal)
	_ = c.Signal(Etcd, signal)
}

// logTails returns the last lines of each log, which say why something did not start.
func (c *ControlPlane) logTails() string {
	var out strings.Builder
	for _, log := range c.logs {
		fmt.Fprintf(&out, "--- %s\n%s\n", filepath.Base(log.Name()), tail(log.Name(), 10))
	}
	return out.String()
}

// tail returns the last lines of a file, as far as they stand in its last 4 KiB.
func tail(path string, lines int) []byte {
	file, err := os.Open(path) //nolint:gosec // a log of our own
	if err != nil {
		return nil
	}
	defer file.Close() //nolint:errcheck // only read from
	if info, err := file.Stat(); err == nil && info.Size() > 4096 {
		if _, err := file.Seek(-4096, io.SeekEnd); err != nil {
			return nil
		}
	}
	content, err := io.ReadAll(file)
	if err != nil {
		return nil
	}
	all := bytes.Split(bytes.TrimSpace(content), []byte("\n"))
	return bytes.Join(all[max(0, len(all)-lines):], []byte("\n"))
}
