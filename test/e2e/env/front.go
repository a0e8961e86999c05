package env

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"k8s.io/client-go/rest"

	"github.com/k8cache/k8cache/hack/testenv"
)

// Front is a k8cache.
type Front struct {
	// Server is its root, which is the default cluster.
	*Server
	// CAFile vouches for it.
	CAFile string
	// Process is nil for a k8cache that is not ours.
	Process *testenv.Process

	dir string
}

// selfCheck is about how often each collection is compared with the API server's.
const selfCheck = "3s"

// ErrNoBinary says that there is nothing to test.
var ErrNoBinary = errors.New("no k8cache to test: run make e2e, or point K8CACHE_BINARY at the binary")

// Binary is the k8cache that is tested.
func Binary() (string, error) {
	path := os.Getenv("K8CACHE_BINARY")
	if path == "" {
		return "", ErrNoBinary
	}
	return filepath.Abs(path)
}

// Run starts a k8cache of its own for the contexts of a kubeconfig, with further flags, and returns when it is ready.
func Run(ctx context.Context, contexts []testenv.Context, options testenv.ProcessOptions) (*Front, error) {
	f := &Front{}
	if err := f.run(ctx, contexts, options); err != nil {
		return nil, errors.Join(err, f.Stop())
	}
	return f, nil
}

func (f *Front) run(ctx context.Context, contexts []testenv.Context, options testenv.ProcessOptions) error {
	var err error
	if options.Binary, err = Binary(); err != nil {
		return err
	}
	if f.dir, err = os.MkdirTemp("", "k8cache-e2e-"); err != nil {
		return err
	}
	// What is in memory is compared with the API server all the time, and a difference ends k8cache, and with it the test.
	options.Env = append([]string{"K8CACHE_SELF_CHECK_FATAL=true"}, options.Env...)
	options.Args = append([]string{"--self-check=" + selfCheck}, options.Args...)
	options.Kubeconfig = filepath.Join(f.dir, "kubeconfig")
	if err := testenv.WriteKubeconfig(options.Kubeconfig, contexts...); err != nil {
		return err
	}
	if f.Process, err = testenv.StartProcess(ctx, options); err != nil {
		return err
	}
	config := &rest.Config{Host: f.Process.URL}
	if !options.PlainHTTP {
		f.CAFile = f.Process.CAFile()
		config.CAFile = f.CAFile
	}
	f.Server, err = NewServer(config)
	return err
}

// found takes the k8cache of $K8CACHE_URL.
func found() (*Front, error) {
	config := &rest.Config{Host: os.Getenv("K8CACHE_URL")}
	config.CAFile = os.Getenv("K8CACHE_CA_FILE")
	server, err := NewServer(config)
	if err != nil {
		return nil, fmt.Errorf("k8cache at %s: %w", config.Host, err)
	}
	return &Front{Server: server, CAFile: config.CAFile}, nil
}

// Of is the part of k8cache that stands before one cluster.
func (f *Front) Of(cluster *Cluster) *Server { return f.At("/clusters/" + cluster.Name) }

// At is the part of k8cache under a path.
func (f *Front) At(path string) *Server {
	return &Server{URL: f.URL + path, tls: f.tls, client: f.client}
}

// Config returns a config that asks k8cache for a cluster, with the credentials of one that asks the cluster.
func (f *Front) Config(cluster *Cluster, direct *rest.Config) *rest.Config {
	config := rest.CopyConfig(direct)
	config.Host = f.Of(cluster).URL
	config.TLSClientConfig = rest.TLSClientConfig{CAFile: f.CAFile}
	return config
}

// Stop ends it, if it is ours.
func (f *Front) Stop() error {
	if f.Server != nil {
		f.Close()
	}
	var errs []error
	if f.Process != nil {
		errs = append(errs, f.Process.Stop())
	}
	if f.dir != "" {
		errs = append(errs, os.RemoveAll(f.dir))
	}
	return errors.Join(errs...)
}
