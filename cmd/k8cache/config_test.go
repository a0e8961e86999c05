package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseConfigDefaults(t *testing.T) {
	got, err := parseConfig(nil, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(defaults(), got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"secrets"}, got.Exclude); diff != "" {
		t.Errorf("Secrets must not be cached unless switched on: %s", diff)
	}
}

func TestParseConfigFlagsWinOverTheFile(t *testing.T) {
	file := write(t, `
apiVersion: k8cache.dev/v1alpha1
kind: Configuration
listen: 127.0.0.1:1000
adminListen: 127.0.0.1:1001
idleTimeout: 5m
preload: [pods, deployments.apps]
`)
	got, err := parseConfig([]string{"--listen=127.0.0.1:2000", "--config=" + file}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if got.Listen != "127.0.0.1:2000" || got.AdminListen != "127.0.0.1:1001" || got.IdleTimeout.Duration != 5*time.Minute {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff([]string{"pods", "deployments.apps"}, got.Preload); diff != "" {
		t.Error(diff)
	}
	if got.Authentication != authenticationToken {
		t.Errorf("what neither names must keep its default, got %q", got.Authentication)
	}
}

func TestParseConfigRefusesWithTheFlagsName(t *testing.T) {
	for _, test := range []struct {
		args []string
		want string
	}{
		{[]string{"--nonsense"}, "nonsense"},
		{[]string{"serve"}, `unexpected argument "serve"`},
		{[]string{"--authentication=none"}, "--authentication"},
		{[]string{"--authorization=always"}, "--authorization"},
		{[]string{"--log-format=xml"}, "--log-format"},
		{[]string{"--log-level=loud"}, "--log-level"},
		{[]string{"--listen=8080"}, "--listen"},
		{[]string{"--admin-listen=127.0.0.1:8080"}, "--listen and --admin-listen"},
		{[]string{"--tls-cert-file=a"}, "--tls-cert-file"},
		{[]string{"--tls-private-key-file=a"}, "--tls-private-key-file"},
		{[]string{"--tls-cert-file=a", "--tls-private-key-file=b", "--tls-self-signed"}, "--tls-self-signed"},
		{[]string{"--cert-dir=a"}, "--cert-dir"},
		{[]string{"--client-ca-file=a"}, "--client-ca-file"},
		{[]string{"--idle-timeout=-1s"}, "--idle-timeout"},
		{[]string{"--memory-budget=much"}, "--memory-budget"},
		{[]string{"--memory-budget=-1Gi"}, "--memory-budget"},
		{[]string{"--preload=pods,secrets"}, "secrets"},
		{[]string{"--config=does-not-exist"}, "--config"},
	} {
		_, err := parseConfig(test.args, io.Discard)
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v: got %v, want one line that names %q", test.args, err, test.want)
		}
	}
}

func TestParseConfigRefusesFilesItDoesNotUnderstand(t *testing.T) {
	for name, content := range map[string]string{
		"unknown field": "apiVersion: k8cache.dev/v1alpha1\nkind: Configuration\nlistn: 127.0.0.1:1\n",
		"other version": "apiVersion: k8cache.dev/v2\nkind: Configuration\n",
		"no kind":       "listen: 127.0.0.1:1\n",
		"not YAML":      "\t{",
	} {
		if _, err := parseConfig([]string{"--config=" + write(t, content)}, io.Discard); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestThreat23_KubeconfigAuthenticationOnlyOnLoopback(t *testing.T) {
	for listen, ok := range map[string]bool{
		"127.0.0.1:8080": true, "[::1]:8080": true, "localhost:8080": true, "127.9.9.9:1": true,
		"0.0.0.0:8080": false, ":8080": false, "[::]:8080": false, "192.0.2.1:8080": false, "example.org:8080": false,
	} {
		_, err := parseConfig([]string{"--authentication=kubeconfig", "--listen=" + listen}, io.Discard)
		if (err == nil) != ok {
			t.Errorf("%s: %v", listen, err)
		}
	}
}

func TestSelfSignedCertificateIsKept(t *testing.T) {
	dir := t.TempDir()
	first, err := selfSigned("127.0.0.1:8443", dir)
	if err != nil {
		t.Fatal(err)
	}
	second, err := selfSigned("127.0.0.1:8443", dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(first.Certificate, second.Certificate); diff != "" {
		t.Error("a restart changed the certificate that clients trust")
	}
	for file, mode := range map[string]os.FileMode{"tls.key": 0o600, "ca.crt": 0o600} {
		info, err := os.Stat(filepath.Join(dir, file))
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v %v", file, info, err)
		}
	}
}

func write(t *testing.T, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
