// Command k8cache is a read cache between Kubernetes frontends and API servers.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"
	"go.uber.org/zap"
)

// version is set by the linker.
var version = "devel"

const (
	exitFailed   = 1
	exitSettings = 2
)

func main() { os.Exit(realMain()) }

// realMain returns the exit code, so that deferred calls run.
func realMain() int {
	config, err := parseConfig(os.Args[1:], os.Stderr)
	switch {
	case errors.Is(err, pflag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintln(os.Stderr, "k8cache:", err)
		return exitSettings
	}
	log, err := newLogger(config)
	if err != nil {
		fmt.Fprintln(os.Stderr, "k8cache:", err)
		return exitSettings
	}
	defer func() { _ = log.Sync() }() // a terminal cannot be synced, which is no matter
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err = run(ctx, config, log)
	var settings settingsError
	switch {
	case errors.As(err, &settings):
		fmt.Fprintln(os.Stderr, "k8cache:", err)
		return exitSettings
	case err != nil:
		log.Error("stopped", zap.Error(err))
		return exitFailed
	}
	return 0
}

// settingsError says that what was asked for cannot be: the user's to mend.
type settingsError struct{ error }

func (e settingsError) Unwrap() error { return e.error }

func newLogger(c Config) (*zap.Logger, error) {
	settings := zap.NewProductionConfig()
	if c.LogFormat == "console" {
		settings = zap.NewDevelopmentConfig()
	}
	level, err := zap.ParseAtomicLevel(c.LogLevel)
	if err != nil {
		return nil, fmt.Errorf("--log-level: %w", err)
	}
	settings.Level, settings.Sampling = level, nil // an audit trail with holes is none
	settings.DisableStacktrace = true
	return settings.Build()
}
