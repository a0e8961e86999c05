package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	var err error
	if len(os.Args) > 1 && os.Args[1] == childCommand {
		err = serveParent(ctx, os.Args[2:])
	} else {
		err = bench(ctx, os.Args[1:])
	}
	stop()
	if err != nil && !errors.Is(err, pflag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
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
