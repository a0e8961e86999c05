package main

import (
	"context"
	"fmt"
	"os"

	"github.com/k8cache/k8cache/hack/command"
)

func main() {
	command.Main("bench", func(ctx context.Context, args []string) error {
		if len(args) > 0 && args[0] == childCommand {
			return serveParent(ctx, args[1:])
		}
		return bench(ctx, args)
	})
}

func bench(ctx context.Context, args []string) error {
	options, err := parseOptions(args)
	if err != nil {
		return err
	}
	report, err := run(ctx, options)
	text := report.markdown()
	fmt.Print(text) // what was measured before an error, too: it took its time
	if err != nil || options.out == "" {
		return err
	}
	return writeResults(options.out, text)
}

// say tells the one who waits what is being done.
func say(format string, args ...any) { fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...) }
