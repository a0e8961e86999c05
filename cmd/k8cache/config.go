package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

const (
	configAPIVersion = "k8cache.dev/v1alpha1"
	configKind       = "Configuration"

	authenticationToken      = "token"
	authenticationKubeconfig = "kubeconfig"
)

// Config holds the settings. Flags and the YAML file (--config) set the same fields; a flag wins over the file.
type Config struct {
	metav1.TypeMeta `json:",inline"`

	// Kubeconfig names the file whose contexts are the clusters. Empty: $KUBECONFIG, ~/.kube/config, in-cluster.
	Kubeconfig string `json:"kubeconfig,omitempty"`
	// Contexts picks some of its contexts. Empty: all.
	Contexts []string `json:"contexts,omitempty"`
	// DefaultCluster is the one served at the root. Empty: the only one, or the current context.
	DefaultCluster string `json:"defaultCluster,omitempty"`
	// Listen is the public listener's address.
	Listen string `json:"listen,omitempty"`
	// AdminListen is the address of health, metrics and profiles.
	AdminListen string `json:"adminListen,omitempty"`

	TLSCertFile       string `json:"tlsCertFile,omitempty"`
	TLSPrivateKeyFile string `json:"tlsPrivateKeyFile,omitempty"`
	// ClientCAFile holds the CA of client certificates that are taken as credentials, for every cluster alike.
	ClientCAFile string `json:"clientCAFile,omitempty"`
	// RequestHeaderClientCAFile holds the CA of front proxies that name users in headers, and
	// RequestHeaderAllowedNames the common names that their certificates may have.
	RequestHeaderClientCAFile string   `json:"requestHeaderClientCAFile,omitempty"`
	RequestHeaderAllowedNames []string `json:"requestHeaderAllowedNames,omitempty"`
	// RequestHeaderUsernameHeaders and the like name the headers. Empty: X-Remote-User, -Uid, -Group and -Extra-.
	RequestHeaderUsernameHeaders    []string `json:"requestHeaderUsernameHeaders,omitempty"`
	RequestHeaderUIDHeaders         []string `json:"requestHeaderUIDHeaders,omitempty"`
	RequestHeaderGroupHeaders       []string `json:"requestHeaderGroupHeaders,omitempty"`
	RequestHeaderExtraHeadersPrefix []string `json:"requestHeaderExtraHeadersPrefix,omitempty"`
	// APIAudiences are those that a token must be meant for, one of them. Empty: the API servers' own.
	APIAudiences []string `json:"apiAudiences,omitempty"`
	// TLSSelfSigned makes a certificate; CertDir keeps it. Empty: a new one at each start.
	TLSSelfSigned bool   `json:"tlsSelfSigned,omitempty"`
	CertDir       string `json:"certDir,omitempty"`

	// Authentication is token or kubeconfig.
	Authentication string `json:"authentication,omitempty"`
	// Authorization is auto, rbac or sar.
	Authorization string `json:"authorization,omitempty"`

	// Preload names resources to watch from the start, Exclude those never to cache: RESOURCE or RESOURCE.GROUP.
	Preload []string `json:"preload,omitempty"`
	Exclude []string `json:"exclude,omitempty"`
	// IdleTimeout ends the watch of a resource that nobody asked for so long. Zero: never.
	IdleTimeout metav1.Duration `json:"idleTimeout,omitzero"`
	// SelfCheck is about how often each collection is compared with the API server's. Zero: never.
	SelfCheck metav1.Duration `json:"selfCheck,omitzero"`
	// MemoryBudget bounds what collections keep ready in memory, as a quantity ("512Mi"). Empty: no bound.
	MemoryBudget string `json:"memoryBudget,omitempty"`

	// Search keeps what searches and most orders look at of each object in a form that is quickly read. Without it
	// searches are refused.
	Search bool `json:"search"`

	// LogFormat is json or console.
	LogFormat string `json:"logFormat,omitempty"`
	LogLevel  string `json:"logLevel,omitempty"`
}

func defaults() Config {
	return Config{
		Listen: "127.0.0.1:8080", AdminListen: "127.0.0.1:8081",
		Authentication: authenticationToken, Authorization: "auto",
		Exclude: []string{"secrets"}, IdleTimeout: metav1.Duration{Duration: time.Hour},
		SelfCheck: metav1.Duration{Duration: 5 * time.Minute}, Search: true,
		LogFormat: "json", LogLevel: "info",
	}
}

// flags binds the settings to a flag set, with what they hold as defaults.
func (c *Config) flags(output io.Writer, file *string) *pflag.FlagSet {
	f := pflag.NewFlagSet("k8cache", pflag.ContinueOnError)
	f.SetOutput(output)
	f.SortFlags = false
	f.StringVar(file, "config", "", "YAML file with the same settings (apiVersion: "+configAPIVersion+", kind: "+configKind+"); flags win")
	f.StringVar(&c.Kubeconfig, "kubeconfig", c.Kubeconfig, "kubeconfig whose contexts are the clusters (default $KUBECONFIG, ~/.kube/config, in-cluster)")
	f.StringArrayVar(&c.Contexts, "context", c.Contexts, "use only this context; repeatable")
	f.StringVar(&c.DefaultCluster, "default-cluster", c.DefaultCluster, "cluster served at the root (default the only one, or the current context)")
	f.StringVar(&c.Listen, "listen", c.Listen, "address of the public listener")
	f.StringVar(&c.AdminListen, "admin-listen", c.AdminListen, "address of health, metrics and profiles")
	f.StringVar(&c.TLSCertFile, "tls-cert-file", c.TLSCertFile, "serving certificate, reloaded on change")
	f.StringVar(&c.TLSPrivateKeyFile, "tls-private-key-file", c.TLSPrivateKeyFile, "its key")
	f.StringVar(&c.ClientCAFile, "client-ca-file", c.ClientCAFile, "CA of client certificates that are taken as credentials")
	f.StringVar(&c.RequestHeaderClientCAFile, "requestheader-client-ca-file", c.RequestHeaderClientCAFile, "CA of front proxies that name users in X-Remote-User, -Group and -Extra-*")
	f.StringSliceVar(&c.RequestHeaderAllowedNames, "requestheader-allowed-names", c.RequestHeaderAllowedNames, "common names that a front proxy's certificate may have")
	f.StringSliceVar(&c.RequestHeaderUsernameHeaders, "requestheader-username-headers", c.RequestHeaderUsernameHeaders, "headers that a front proxy names the user in (default X-Remote-User)")
	f.StringSliceVar(&c.RequestHeaderUIDHeaders, "requestheader-uid-headers", c.RequestHeaderUIDHeaders, "headers with the user's UID (default X-Remote-Uid)")
	f.StringSliceVar(&c.RequestHeaderGroupHeaders, "requestheader-group-headers", c.RequestHeaderGroupHeaders, "headers with the user's groups (default X-Remote-Group)")
	f.StringSliceVar(&c.RequestHeaderExtraHeadersPrefix, "requestheader-extra-headers-prefix", c.RequestHeaderExtraHeadersPrefix, "what headers with extra keys begin with (default X-Remote-Extra-)")
	f.StringSliceVar(&c.APIAudiences, "api-audiences", c.APIAudiences, "audiences of which a token must be meant for one (default the API server's own)")
	f.BoolVar(&c.TLSSelfSigned, "tls-self-signed", c.TLSSelfSigned, "serve TLS with a certificate made here")
	f.StringVar(&c.CertDir, "cert-dir", c.CertDir, "folder that keeps the certificate made here, its key and ca.crt")
	f.StringVar(&c.Authentication, "authentication", c.Authentication, "token, or kubeconfig: every caller acts as the kubeconfig's user (loopback only)")
	f.StringVar(&c.Authorization, "authorization", c.Authorization, "auto, rbac or sar")
	f.StringSliceVar(&c.Preload, "preload", c.Preload, "resources to watch from the start, as in pods,deployments.apps")
	f.StringSliceVar(&c.Exclude, "exclude", c.Exclude, "resources never to cache; an empty value caches Secrets too")
	f.DurationVar(&c.IdleTimeout.Duration, "idle-timeout", c.IdleTimeout.Duration, "end the watch of a resource that nobody asked for so long; 0: never")
	f.StringVar(&c.MemoryBudget, "memory-budget", c.MemoryBudget, "bound on what collections keep ready in memory, as in 512Mi; GOMEMLIMIT bounds them all")
	f.DurationVar(&c.SelfCheck.Duration, "self-check", c.SelfCheck.Duration, "compare each collection with the API server about so often; 0: never")
	f.BoolVar(&c.Search, "search", c.Search, "answer searches, and keep a sketch of each object for them and for sorting")
	f.StringVar(&c.LogFormat, "log-format", c.LogFormat, "json or console")
	f.StringVar(&c.LogLevel, "log-level", c.LogLevel, "debug, info, warn or error")
	return f
}

// parseConfig reads the flags, then the file they name, then the flags again, which win.
func parseConfig(args []string, output io.Writer) (Config, error) {
	c, file := defaults(), ""
	flags := c.flags(output, &file)
	flags.Usage = func() { _, _ = fmt.Fprintf(output, "Usage: k8cache [flags]\n\n%s", flags.FlagUsages()) }
	if err := parse(flags, args); err != nil {
		return c, err
	}
	if file != "" {
		c = defaults()
		if err := c.load(file); err != nil {
			return c, err
		}
		if err := parse(c.flags(io.Discard, &file), args); err != nil {
			return c, err
		}
	}
	return c, c.validate()
}

func parse(flags *pflag.FlagSet, args []string) error {
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q: there are only flags", flags.Arg(0))
	}
	return nil
}

func (c *Config) load(file string) error {
	content, err := os.ReadFile(file) //nolint:gosec // the operator's own file
	if err != nil {
		return fmt.Errorf("--config: %w", err)
	}
	if err := yaml.UnmarshalStrict(content, c); err != nil {
		return fmt.Errorf("--config: %s: %w", file, err)
	}
	if c.APIVersion != configAPIVersion || c.Kind != configKind {
		return fmt.Errorf("--config: %s: want apiVersion %s and kind %s, not %q and %q",
			file, configAPIVersion, configKind, c.APIVersion, c.Kind)
	}
	return nil
}

// groupResources reads RESOURCE and RESOURCE.GROUP.
func groupResources(names []string) []schema.GroupResource {
	var parsed []schema.GroupResource
	for _, name := range names {
		if name = strings.TrimSpace(name); name != "" {
			parsed = append(parsed, schema.ParseGroupResource(name))
		}
	}
	return parsed
}
