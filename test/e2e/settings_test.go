package e2e

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
)

// fails runs k8cache with settings it must refuse: at once, with exit code 2 and one line that names what is wrong.
func fails(t *testing.T, words string, environment []string, args ...string) {
	t.Helper()
	ownFront(t)
	binary, err := env.Binary()
	must(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env = append([]string{"HOME=" + t.TempDir()}, environment...)
	var out, complaints bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaints
	var exit *exec.ExitError
	if err := cmd.Run(); !errors.As(err, &exit) || exit.ExitCode() != 2 {
		t.Errorf("got %v, want exit status 2; it said %s", err, complaints.String())
	}
	said := complaints.String()
	if strings.Count(said, "\n") != 1 || !strings.HasSuffix(said, "\n") || out.Len() > 0 {
		t.Errorf("want one line on standard error, got %q and %q on standard output", said, out.String())
	}
	if !strings.Contains(said, words) {
		t.Errorf("%q does not say %q", said, words)
	}
}

// TestBadSettingsAreOneClearLine has settings that cannot be meant, each beside a kubeconfig that is right.
func TestBadSettingsAreOneClearLine(t *testing.T) {
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	must(t, testenv.WriteKubeconfig(kubeconfig, shared.East.Context()))
	empty := file(t, "")
	free := []string{"--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0"}
	for name, test := range map[string]struct {
		args  string
		words string
	}{
		"unknown flag":                    {"--nonsense", "nonsense"},
		"a word that is no flag":          {"nonsense", "nonsense"},
		"value missing":                   {"--preload", "preload"},
		"not a duration":                  {"--idle-timeout=soon", "idle-timeout"},
		"negative duration":               {"--idle-timeout=-1s", "idle-timeout"},
		"not a size":                      {"--memory-budget=much", "memory-budget"},
		"unknown authentication":          {"--authentication=nonsense", "authentication"},
		"unknown authorization":           {"--authorization=nonsense", "authorization"},
		"unknown log format":              {"--log-format=nonsense", "log-format"},
		"unknown log level":               {"--log-level=nonsense", "log-level"},
		"unknown context":                 {"--context=absent", "absent"},
		"unknown default cluster":         {"--default-cluster=absent", "absent"},
		"not an address":                  {"--listen=nonsense", "listen"},
		"not an admin address":            {"--admin-listen=1:2:3", "admin-listen"},
		"port out of range":               {"--listen=127.0.0.1:99999", "listen"},
		"both listeners at one address":   {"--listen=127.0.0.1:18080 --admin-listen=127.0.0.1:18080", "listen"},
		"certificate without key":         {"--tls-cert-file=" + empty, "tls-private-key-file"},
		"key without certificate":         {"--tls-private-key-file=" + empty, "tls-cert-file"},
		"certificate files that are none": {"--tls-cert-file=" + empty + " --tls-private-key-file=" + empty, "tls"},
		"two kinds of certificate":        {"--tls-self-signed --tls-cert-file=" + empty + " --tls-private-key-file=" + empty, "tls-self-signed"},
		"folder without certificate":      {"--cert-dir=" + t.TempDir(), "cert-dir"},
		"client CA without TLS":           {"--client-ca-file=" + empty, "client-ca-file"},
		"no such config file":             {"--config=/absent", "absent"},
		"config file of another kind":     {"--config=" + file(t, "apiVersion: v1\nkind: Pod\n"), "kind"},
		"config file with an unknown key": {"--config=" + file(t, "apiVersion: k8cache.dev/v1alpha1\nkind: Configuration\nnonsense: 1\n"), "nonsense"},
		"config file that is no YAML":     {"--config=" + file(t, "{"), "config"},
		"preload of no resource":          {"--preload=..", "preload"},
		"preload of what is excluded":     {"--preload=secrets", "secrets"},
	} {
		t.Run(name, func(t *testing.T) {
			args := append([]string{"--kubeconfig=" + kubeconfig}, free...)
			fails(t, test.words, nil, append(args, strings.Fields(test.args)...)...)
		})
	}
}

// TestBadKubeconfigsAreOneClearLine has kubeconfigs that cannot be used.
func TestBadKubeconfigsAreOneClearLine(t *testing.T) {
	template := `{apiVersion: v1, kind: Config, current-context: c, contexts: [{name: c, context: {cluster: c, user: u}}],
		clusters: [{name: c, cluster: {SERVER}}], users: [{name: u, user: {USER}}]}`
	write := func(server, user string) string {
		return file(t, strings.NewReplacer("SERVER", server, "USER", user, "\t", "").Replace(template))
	}
	for name, test := range map[string]struct{ path, words string }{
		"absent":               {"/absent/kubeconfig", "/absent/kubeconfig"},
		"empty":                {file(t, ""), "context"},
		"no YAML":              {file(t, "{"), "kubeconfig"},
		"another kind":         {file(t, "{apiVersion: v1, kind: Pod}"), "Pod"},
		"no contexts":          {file(t, "{apiVersion: v1, kind: Config}"), "context"},
		"no such cluster":      {file(t, "{apiVersion: v1, kind: Config, current-context: c, contexts: [{name: c, context: {cluster: gone, user: gone}}]}"), "gone"},
		"server is no URL":     {write("server: '::'", "token: x"), "::"},
		"CA file is absent":    {write("server: 'https://127.0.0.1:1', certificate-authority: /absent/ca.crt", "token: x"), "/absent/ca.crt"},
		"CA data is no PEM":    {write("server: 'https://127.0.0.1:1', certificate-authority-data: eHh4", "token: x"), ""},
		"certificate, no key":  {write("server: 'https://127.0.0.1:1'", "client-certificate-data: eHh4"), ""},
		"folder":               {t.TempDir(), "kubeconfig"},
		"current context gone": {file(t, "{apiVersion: v1, kind: Config, current-context: gone, contexts: []}"), "context"},
	} {
		t.Run(name, func(t *testing.T) {
			fails(t, test.words, nil, "--kubeconfig="+test.path, "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0")
			if test.path != "" && name != "absent" {
				fails(t, test.words, []string{"KUBECONFIG=" + test.path}, "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0")
			}
		})
	}
	t.Run("none at all", func(t *testing.T) {
		fails(t, "kubeconfig", nil, "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0")
	})
}

// TestThreat23_KubeconfigAuthenticationIsForLoopbackOnly names addresses that others can reach. No name but localhost
// counts as loopback, whatever it resolves to.
func TestThreat23_KubeconfigAuthenticationIsForLoopbackOnly(t *testing.T) {
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	must(t, testenv.WriteKubeconfig(kubeconfig, shared.East.Context()))
	for _, address := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "[::ffff:192.0.2.1]:0", "example.test:0", "127.0.0.1.example.test:0"} {
		t.Run(address, func(t *testing.T) {
			fails(t, "loopback", nil, "--kubeconfig="+kubeconfig, "--authentication=kubeconfig", "--listen="+address, "--admin-listen=127.0.0.1:0")
		})
	}
}

// TestPortTaken is found out at once.
func TestPortTaken(t *testing.T) {
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	must(t, testenv.WriteKubeconfig(kubeconfig, shared.East.Context()))
	ownFront(t)
	taken := strings.TrimPrefix(shared.Front.Process.URL, "https://")
	fails(t, taken, nil, "--kubeconfig="+kubeconfig, "--listen="+taken, "--admin-listen=127.0.0.1:0", "--log-level=error")
	fails(t, taken, nil, "--kubeconfig="+kubeconfig, "--listen=127.0.0.1:0", "--admin-listen="+taken, "--log-level=error")
}

// TestHelp is no failure.
func TestHelp(t *testing.T) {
	ownFront(t)
	binary, err := env.Binary()
	must(t, err)
	out, err := exec.CommandContext(t.Context(), binary, "--help").CombinedOutput()
	must(t, err)
	for _, flag := range []string{
		"--kubeconfig", "--context", "--default-cluster", "--listen", "--admin-listen", "--tls-cert-file", "--tls-private-key-file",
		"--client-ca-file", "--tls-self-signed", "--cert-dir", "--authentication", "--authorization", "--preload", "--exclude",
		"--idle-timeout", "--memory-budget", "--config", "--log-format", "--log-level",
	} {
		if !strings.Contains(string(out), flag+" ") && !strings.Contains(string(out), flag+"[") {
			t.Errorf("no word on %s", flag)
		}
	}
}

// file writes a file for one test.
func file(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}
