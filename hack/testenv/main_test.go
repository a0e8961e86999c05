package testenv

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"testing"

	"go.uber.org/goleak"
)

// standIn names the part this test binary plays for process_test.go instead of running tests.
const standIn = "K8CACHE_STAND_IN"

func TestMain(m *testing.M) {
	switch os.Getenv(standIn) {
	case "":
		goleak.VerifyTestMain(m)
	case "k8cache":
		serveReadyz()
	case "broken":
		fmt.Fprintln(os.Stderr, "cannot read the kubeconfig")
		os.Exit(2)
	}
}

// serveReadyz does what Process expects of k8cache: it is ready, and ends in order on SIGTERM.
func serveReadyz() {
	flags := flag.NewFlagSet("k8cache", flag.ExitOnError)
	admin := flags.String("admin-listen", "", "")
	for _, name := range []string{"listen", "kubeconfig", "cert-dir", "preload"} {
		flags.String(name, "", "")
	}
	flags.Bool("tls-self-signed", false, "")
	_ = flags.Parse(os.Args[1:])
	http.HandleFunc("/readyz", func(http.ResponseWriter, *http.Request) {})
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	go func() {
		fmt.Fprintln(os.Stderr, http.ListenAndServe(*admin, nil))
		os.Exit(1)
	}()
	<-ctx.Done()
	fmt.Println("ended in order")
}
