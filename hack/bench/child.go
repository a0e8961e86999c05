package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
)

// childCommand is the first argument of this binary where it is a child of itself.
const childCommand = "child"

// What a child can be.
const (
	loadChild  = "load"  // loads a server with lists
	syncChild  = "sync"  // an informer, or a bare reader
	churnChild = "churn" // the writer in the background
	watchChild = "watch" // many watchers
)

// serveParent is a child's main. It is asked in JSON on its standard input, answers on its standard output, and ends
// when the input does.
func serveParent(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return errors.New("a child is told what it is")
	}
	from, to := json.NewDecoder(os.Stdin), json.NewEncoder(os.Stdout)
	switch args[0] {
	case loadChild:
		return serve(from, to, newLoader().load(ctx))
	case syncChild:
		return serve(from, to, func(q syncQuestion) (synced, error) { return syncAs(ctx, q) })
	case churnChild:
		return serveChurn(ctx, from, to)
	case watchChild:
		return serveWatch(ctx, from, to)
	}
	return fmt.Errorf("a child cannot be %q", args[0])
}

// serve answers questions until there are no more.
func serve[Q, A any](from *json.Decoder, to *json.Encoder, answer func(Q) (A, error)) error {
	for {
		var q Q
		if err := from.Decode(&q); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		a, err := answer(q)
		if err != nil {
			return err
		}
		if err := to.Encode(a); err != nil {
			return err
		}
	}
}

// child is a process of this binary that answers questions.
type child struct {
	kind string
	cmd  *exec.Cmd
	in   io.WriteCloser
	to   *json.Encoder
	from *json.Decoder
}

// startChild starts one. It is in a process group of its own, so that a Ctrl-C in a terminal reaches only us; the end of
// ctx ends it.
func startChild(ctx context.Context, kind string) (*child, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, self, childCommand, kind) //nolint:gosec // our own binary
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", kind, err)
	}
	return &child{kind: kind, cmd: cmd, in: in, to: json.NewEncoder(in), from: json.NewDecoder(out)}, nil
}

// ask sends a question and waits for the answer.
func (c *child) ask(question, answer any) error {
	if err := c.to.Encode(question); err != nil {
		return fmt.Errorf("ask %s: %w", c.kind, err)
	}
	return c.answer(answer)
}

func (c *child) answer(answer any) error {
	if err := c.from.Decode(answer); err != nil {
		return fmt.Errorf("answer of %s: %w", c.kind, err)
	}
	return nil
}

// finish says that there are no more questions.
func (c *child) finish() error { return c.in.Close() }

// stop waits for it to end, which it does when there are no more questions.
func (c *child) stop() error {
	_ = c.finish() // it may have been said before
	if err := c.cmd.Wait(); err != nil {
		return fmt.Errorf("%s: %w", c.kind, err)
	}
	return nil
}

// once asks a child of its own one question.
func once(ctx context.Context, kind string, question, answer any) error {
	c, err := startChild(ctx, kind)
	if err != nil {
		return err
	}
	return errors.Join(c.ask(question, answer), c.stop())
}
