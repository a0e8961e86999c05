package main

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/k8cache/k8cache/internal/rbac"
)

// validate finds settings that cannot be or contradict each other; it names the flag.
func (c Config) validate() error {
	for _, check := range []func() error{c.validateChoices, c.validateListeners, c.validateTLS, c.validateResources} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (c Config) validateChoices() error {
	for _, choice := range []struct {
		flag, value string
		known       []string
	}{
		{"authentication", c.Authentication, []string{authenticationToken, authenticationKubeconfig}},
		{"authorization", c.Authorization, []string{string(rbac.ModeAuto), string(rbac.ModeRBAC), string(rbac.ModeSAR)}},
		{"log-format", c.LogFormat, []string{"json", "console"}},
		{"log-level", c.LogLevel, []string{"debug", "info", "warn", "error"}},
	} {
		if !slices.Contains(choice.known, choice.value) {
			return fmt.Errorf("--%s: %q is none of %s", choice.flag, choice.value, strings.Join(choice.known, ", "))
		}
	}
	if c.IdleTimeout.Duration < 0 || c.SelfCheck.Duration < 0 {
		return errors.New("--idle-timeout and --self-check: must not be negative")
	}
	_, err := c.memoryBudget()
	return err
}

func (c Config) memoryBudget() (int64, error) {
	if c.MemoryBudget == "" {
		return 0, nil
	}
	quantity, err := resource.ParseQuantity(c.MemoryBudget)
	if err != nil || quantity.Sign() <= 0 {
		return 0, fmt.Errorf("--memory-budget: %q is no amount of memory, write as in 512Mi", c.MemoryBudget)
	}
	return quantity.Value(), nil
}

func (c Config) validateListeners() error {
	for flag, address := range map[string]string{"listen": c.Listen, "admin-listen": c.AdminListen} {
		if _, _, err := net.SplitHostPort(address); err != nil {
			return fmt.Errorf("--%s: %w", flag, err)
		}
	}
	if c.Listen == c.AdminListen && !strings.HasSuffix(c.Listen, ":0") {
		return fmt.Errorf("--listen and --admin-listen: both are %s", c.Listen)
	}
	// Whoever reaches the listener acts as the kubeconfig's user, so nobody else may reach it.
	if c.Authentication == authenticationKubeconfig && !loopback(c.Listen) {
		return fmt.Errorf("--authentication=kubeconfig: refused on %s, only a loopback address will do", c.Listen)
	}
	return nil
}

func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (c Config) validateTLS() error {
	switch {
	case (c.TLSCertFile == "") != (c.TLSPrivateKeyFile == ""):
		return errors.New("--tls-cert-file and --tls-private-key-file: give both or neither")
	case c.TLSSelfSigned && c.TLSCertFile != "":
		return errors.New("--tls-self-signed and --tls-cert-file: give one of them")
	case c.CertDir != "" && !c.TLSSelfSigned:
		return errors.New("--cert-dir: keeps the certificate of --tls-self-signed, which is not given")
	}
	return c.validateAuthorities()
}

// validateAuthorities looks at what needs a client's certificate.
func (c Config) validateAuthorities() error {
	if (c.RequestHeaderClientCAFile == "") != (len(c.RequestHeaderAllowedNames) == 0) {
		return errors.New("--requestheader-client-ca-file and --requestheader-allowed-names: give both or neither")
	}
	if c.RequestHeaderClientCAFile == "" && len(slices.Concat(c.RequestHeaderUsernameHeaders, c.RequestHeaderUIDHeaders,
		c.RequestHeaderGroupHeaders, c.RequestHeaderExtraHeadersPrefix)) > 0 {
		return errors.New("--requestheader-...: names headers of a front proxy, and there is no --requestheader-client-ca-file")
	}
	if len(c.APIAudiences) > 0 && c.Authentication == authenticationKubeconfig {
		return errors.New("--api-audiences and --authentication=kubeconfig: give one of them")
	}
	for flag, file := range map[string]string{
		"client-ca-file": c.ClientCAFile, "requestheader-client-ca-file": c.RequestHeaderClientCAFile,
	} {
		switch {
		case file == "":
		case !c.servesTLS():
			return fmt.Errorf("--%s: needs TLS (--tls-cert-file or --tls-self-signed)", flag)
		case c.Authentication == authenticationKubeconfig:
			return fmt.Errorf("--%s and --authentication=kubeconfig: give one of them", flag)
		}
	}
	return nil
}

func (c Config) servesTLS() bool { return c.TLSCertFile != "" || c.TLSSelfSigned }

func (c Config) validateResources() error {
	excluded := groupResources(c.Exclude)
	for _, name := range slices.Concat(groupResources(c.Preload), excluded) {
		if len(validation.IsDNS1035Label(name.Resource)) > 0 || name.Group != "" && len(validation.IsDNS1123Subdomain(name.Group)) > 0 {
			return fmt.Errorf("--preload and --exclude: %q is no resource, write as in pods or deployments.apps", name)
		}
	}
	for _, want := range groupResources(c.Preload) {
		if slices.Contains(excluded, want) {
			return fmt.Errorf("--preload and --exclude: both name %s", want)
		}
	}
	return nil
}
