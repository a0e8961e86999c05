package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// lineTimeout bounds one line; endlessFor is how long one runs that does not end by itself, which at three changes a
// second is enough to see some.
const (
	lineTimeout = 30 * time.Second
	endlessFor  = 8 * time.Second
)

// try runs the printed lines as a user would, prints what came of them, and says which did not do as promised.
func (d *demo) try(ctx context.Context, examples []example) error {
	_, noCurl := exec.LookPath("curl")
	var errs []error
	for _, example := range examples {
		d.print("\n# %s\n", example.title)
		if noCurl != nil && example.needsCurl() {
			d.print("  not tried: curl is not installed\n")
			continue
		}
		var output bytes.Buffer
		for _, line := range example.lines {
			d.print("  $ %s\n", line)
			said := d.shell(ctx, line, example.endless)
			d.print("%s", indented(said))
			output.Write(said)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if !example.want.Match(output.Bytes()) {
			errs = append(errs, fmt.Errorf("%s: output does not match %s", example.title, example.want))
		}
	}
	return errors.Join(errs...)
}

// shell returns what a line writes to both streams. How it ended does not matter: what it said must be right.
func (d *demo) shell(ctx context.Context, line string, endless bool) []byte {
	timeout := lineTimeout
	if endless {
		timeout = endlessFor
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	command := exec.CommandContext(ctx, "bash", "-c", strings.Join(d.exports(), "\n")+"\n"+line) //nolint:gosec // lines of our own
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) } // all of a pipeline
	command.Env = os.Environ()
	output, _ := command.CombinedOutput()
	return output
}

func (d *demo) exports() []string {
	var exports []string
	for _, variable := range d.environment() {
		exports = append(exports, "export "+variable)
	}
	return exports
}

// indented returns the first lines of an output, so that a long one does not hide the others.
func indented(output []byte) string {
	const most = 8
	lines := strings.Split(strings.TrimRight(string(output), "\n"), "\n")
	cut := len(lines) - most
	if cut > 0 {
		lines = lines[:most]
	}
	var out strings.Builder
	for _, line := range lines {
		if len(line) > 160 {
			line = line[:160] + " ..."
		}
		fmt.Fprintf(&out, "    %s\n", line)
	}
	if cut > 0 {
		fmt.Fprintf(&out, "    ... %d lines more\n", cut)
	}
	return out.String()
}
