package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/k8cache/k8cache/hack/command"
)

// errDifferent says that a test passed directly and not through k8cache.
var errDifferent = errors.New("k8cache makes a difference")

func main() { command.Main("conformance", conform) }

func conform(ctx context.Context, args []string) (err error) {
	o, err := parseOptions(args)
	if err != nil {
		return err
	}
	w, err := newWorld(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.stop()) }()
	fmt.Print(w.heading())
	var different error
	for _, gate := range o.gates {
		compared, err := w.compare(ctx, o, gate)
		if err != nil {
			return err
		}
		fmt.Print(compared.markdown())
		if len(compared.differences()) > 0 {
			different = errDifferent
		}
	}
	return different
}
