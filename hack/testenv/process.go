package testenv

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"k8s.io/client-go/rest"
)

// ProcessOptions say how to run the k8cache binary.
type ProcessOptions struct {
	// Binary is the path of the binary, which must exist.
	Binary string
	// Kubeconfig is the file that names its clusters. Default: what the binary finds by itself.
	Kubeconfig string
	// Args are further flags. They come last, so they win over those given here.
	Args []string
	// Env are further environment variables, as NAME=VALUE. They win over our own.
	Env []string
	// PlainHTTP serves without TLS. Default: TLS with a certificate of its own making, because clients send no token over
	// plain HTTP.
	PlainHTTP bool
	// Listen and AdminListen are host:port. Default: free ports of 127.0.0.1.
	Listen, AdminListen string
	// CertDir keeps its certificate, so that clients trust another process there too. Default: one that is gone after Stop.
	CertDir string
	// LogFile is where its output goes. Default: a file that is gone after Stop.
	LogFile string
	// ReadyTimeout bounds the time until /readyz says yes. Default: 60 s.
	ReadyTimeout time.Duration
	// StopTimeout bounds its orderly end, after which it is killed. Default: 30 s.
	StopTimeout time.Duration
}

// Process is a running k8cache.
type Process struct {
	// URL is where it serves, AdminURL where it answers /readyz, /metrics and the like.
	URL, AdminURL string

	options ProcessOptions
	dir     string
	log     *os.File
	child   *child
}

// StartProcess runs k8cache and returns when it says that it is ready. When it does not, the error carries its last log
// lines and nothing is left running.
func StartProcess(ctx context.Context, options ProcessOptions) (*Process, error) {
	p := &Process{}
	if err := p.start(ctx, options); err != nil {
		var logs string
		if p.log != nil {
			logs = string(tail(p.log.Name(), 20))
		}
		return nil, errors.Join(fmt.Errorf("start k8cache: %w\n%s", err, logs), p.Stop())
	}
	return p, nil
}

func (p *Process) start(ctx context.Context, options ProcessOptions) error {
	var err error
	if p.dir, err = os.MkdirTemp("", "k8cache-process-"); err != nil {
		return err
	}
	if p.options, err = p.withDefaults(ctx, options); err != nil {
		return err
	}
	p.URL, p.AdminURL = "https://"+p.options.Listen, "http://"+p.options.AdminListen
	if options.PlainHTTP {
		p.URL = "http://" + p.options.Listen
	}
	if p.log, err = os.Create(p.options.LogFile); err != nil {
		return err
	}
	if p.child, err = startChild(ctx, p.log, options.Env, options.Binary, p.flags()...); err != nil {
		return err
	}
	return p.child.waitOK(ctx, p.AdminURL+"/readyz", p.options.ReadyTimeout)
}

func (p *Process) withDefaults(ctx context.Context, o ProcessOptions) (ProcessOptions, error) {
	ports, err := freePorts(ctx, 2)
	if err != nil {
		return o, err
	}
	if o.Listen == "" {
		o.Listen = fmt.Sprintf("127.0.0.1:%d", ports[0])
	}
	if o.AdminListen == "" {
		o.AdminListen = fmt.Sprintf("127.0.0.1:%d", ports[1])
	}
	if o.LogFile == "" {
		o.LogFile = filepath.Join(p.dir, "k8cache.log")
	}
	if o.ReadyTimeout == 0 {
		o.ReadyTimeout = time.Minute
	}
	if o.StopTimeout == 0 {
		o.StopTimeout = 30 * time.Second
	}
	return o, nil
}

func (p *Process) flags() []string {
	flags := []string{"--listen=" + p.options.Listen, "--admin-listen=" + p.options.AdminListen}
	if p.options.Kubeconfig != "" {
		flags = append(flags, "--kubeconfig="+p.options.Kubeconfig)
	}
	if !p.options.PlainHTTP {
		flags = append(flags, "--tls-self-signed", "--cert-dir="+p.certDir())
	}
	return append(flags, p.options.Args...)
}

func (p *Process) certDir() string {
	if p.options.CertDir != "" {
		return p.options.CertDir
	}
	return filepath.Join(p.dir, "certs")
}

// CAFile is the certificate that vouches for URL. It is gone after Stop unless there is a CertDir.
func (p *Process) CAFile() string { return filepath.Join(p.certDir(), "ca.crt") }

// LogFile is where its output is.
func (p *Process) LogFile() string { return p.log.Name() }

// Config returns a config that asks k8cache for the named cluster, with the credentials of one that asks the cluster.
func (p *Process) Config(cluster string, direct *rest.Config) *rest.Config {
	config := rest.CopyConfig(direct)
	config.Host = p.URL + "/clusters/" + cluster
	config.CAData, config.CAFile = nil, p.CAFile()
	if p.options.PlainHTTP {
		config.TLSClientConfig = rest.TLSClientConfig{}
	}
	return config
}

// Done is closed when the process has ended, by itself or by Stop.
func (p *Process) Done() <-chan struct{} { return p.child.done }

// Err waits until the process has ended and says how: nil for an exit code of 0, else an *exec.ExitError.
func (p *Process) Err() error {
	<-p.child.done
	return p.child.err
}

// Signal sends it a signal: SIGKILL, SIGSTOP and SIGCONT for fault tests.
func (p *Process) Signal(signal syscall.Signal) error { return p.child.cmd.Process.Signal(signal) }

// Pid is its process id, by which benchmarks find its memory.
func (p *Process) Pid() int { return p.child.pid() }

// Stop asks it to end with SIGTERM, waits for it and removes its files. It is an error if it had to be killed.
func (p *Process) Stop() error {
	var errs []error
	if p.child != nil {
		errs = append(errs, p.child.stop(p.options.StopTimeout))
	}
	if p.log != nil {
		errs = append(errs, p.log.Close())
	}
	return errors.Join(append(errs, os.RemoveAll(p.dir))...)
}
