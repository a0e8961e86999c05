package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// nginx is a web server that serves files below dir over TLS.
type nginx struct {
	target target
	cmd    *exec.Cmd
	pids   []int // of the master and its workers
}

// nginxConfig is as plain as can be. A file path.gz beside path is what is sent to those who take gzip. Two workers, as
// there are two cores, and a process of Go uses as many.
const nginxConfig = `
user %[1]s;
worker_processes auto;
daemon off;
pid %[2]s/nginx.pid;
error_log stderr warn;
events { worker_connections 512; }
http {
  access_log off;
  default_type application/json;
  sendfile on;
  tcp_nopush on;
  gzip_static on;
  keepalive_requests 1000000;
  client_body_temp_path %[2]s/body; proxy_temp_path %[2]s/proxy; fastcgi_temp_path %[2]s/fastcgi;
  uwsgi_temp_path %[2]s/uwsgi; scgi_temp_path %[2]s/scgi;
  server {
    listen %[3]s ssl;
    ssl_certificate %[4]s/tls.crt;
    ssl_certificate_key %[4]s/tls.key;
    ssl_protocols TLSv1.3;
    root %[2]s/files;
  }
}
`

// startNginx serves dir/files with the certificate in certs.
func startNginx(ctx context.Context, binary, dir, certs string, to target) (*nginx, error) {
	self, err := user.Current() // its workers must be able to read what we wrote
	if err != nil {
		return nil, err
	}
	address := strings.TrimPrefix(to.Base, "https://")
	config := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, nginxConfig, self.Username, dir, address, certs), 0o600); err != nil {
		return nil, err
	}
	log := new(bytes.Buffer)
	cmd := exec.CommandContext(ctx, binary, "-p", dir, "-c", config, "-e", "stderr") //nolint:gosec // the binary we were told to run
	cmd.Stderr = log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start nginx: %w", err)
	}
	n := &nginx{target: to, cmd: cmd}
	if err := n.ready(ctx); err != nil {
		err = errors.Join(err, n.stop())
		return nil, fmt.Errorf("start nginx: %w\n%s", err, log)
	}
	return n, nil
}

// ready waits until it answers and has its workers.
func (n *nginx) ready(ctx context.Context) error {
	client := n.target.client()
	defer client.CloseIdleConnections()
	err := wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, 10*time.Second, true, func(ctx context.Context) (bool, error) {
		answer, err := n.target.ask(ctx, client, listPath, true)
		return err == nil && answer.Body.Close() == nil, nil
	})
	if err != nil {
		return err
	}
	workers, err := childrenOf(n.cmd.Process.Pid)
	n.pids = slices.Concat([]int{n.cmd.Process.Pid}, workers)
	return err
}

// stop ends it and waits. That it ended by our signal is no error.
func (n *nginx) stop() error {
	if err := n.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	_ = n.cmd.Wait()
	return nil
}
