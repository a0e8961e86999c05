package e2e

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/pprof"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
	ctrllog "sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/k8cache/k8cache/test/e2e/env"
)

// abreastTests is how many tests run in parallel, where nobody says: more than there are processors, because most of what
// they do is wait.
const abreastTests = "8"

// shared is what all tests run against.
var shared *env.Env

func TestMain(m *testing.M) {
	flag.Parse() // or the timeout would not be known yet
	if parallel := flag.Lookup("test.parallel"); parallel.Value.String() == parallel.DefValue {
		_ = parallel.Value.Set(abreastTests) // it is a number
	}
	code, err := run(m)
	// Whoever stops a metadata client's watch may leave this behind, when an event was on its way.
	theirs := goleak.IgnoreTopFunction("k8s.io/apimachinery/pkg/watch.(*filteredWatch).loop")
	if err = errors.Join(err, goleak.Find(theirs)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	ctrllog.SetLogger(ctrllog.Log.WithSink(ctrllog.NullLogSink{})) // it complains where nobody has said so
	began := time.Now()
	var err error
	if shared, err = env.Start(ctx); err != nil {
		return 1, err
	}
	fmt.Printf("environment ready after %s\n", time.Since(began).Round(100*time.Millisecond))
	// Control planes have process groups of their own: without this, a Ctrl-C or a timeout would leave them running.
	ctx, expire := withTestTimeout(ctx)
	defer expire()
	forget := context.AfterFunc(ctx, func() {
		_ = pprof.Lookup("goroutine").WriteTo(os.Stderr, 1)
		fmt.Fprintln(os.Stderr, "ended early:", context.Cause(ctx), shared.Stop(context.WithoutCancel(ctx)))
		os.Exit(1)
	})
	code := m.Run()
	forget()
	return code, errors.Join(noTokenIn(shared.Front), shared.Stop(context.Background()))
}

// withTestTimeout ends a little before go test's own timeout, which is a panic that lets nobody clean up.
func withTestTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	timeout, err := time.ParseDuration(flag.Lookup("test.timeout").Value.String())
	if err != nil || timeout == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, timeout-20*time.Second)
}
