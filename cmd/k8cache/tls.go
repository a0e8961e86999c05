package main

import (
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"
	certutil "k8s.io/client-go/util/cert"
	"sigs.k8s.io/controller-runtime/pkg/certwatcher"
)

// renewBefore is how long before its end a kept certificate is replaced at the next start.
const renewBefore = 30 * 24 * time.Hour

// servingTLS is the public listener's TLS, nil without. Certificate files are reloaded when they change, by a
// goroutine of the group.
func servingTLS(ctx context.Context, group *errgroup.Group, c Config) (*tls.Config, error) {
	switch {
	case c.TLSCertFile != "":
		watcher, err := certwatcher.New(c.TLSCertFile, c.TLSPrivateKeyFile)
		if err != nil {
			return nil, settingsError{fmt.Errorf("--tls-cert-file: %w", err)}
		}
		group.Go(func() error { return watcher.Start(ctx) })
		return tlsConfig(c, watcher.GetCertificate), nil
	case c.TLSSelfSigned:
		certificate, err := selfSigned(c.Listen, c.CertDir)
		if err != nil {
			return nil, settingsError{fmt.Errorf("--tls-self-signed: %w", err)}
		}
		return tlsConfig(c, func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return certificate, nil }), nil
	}
	return nil, nil
}

// tlsConfig asks for a client's certificate where one may count. It is judged with each request and not at the handshake,
// so that one that expires in mid-connection does not count on.
func tlsConfig(c Config, get func(*tls.ClientHelloInfo) (*tls.Certificate, error)) *tls.Config {
	config := &tls.Config{
		MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}, GetCertificate: get,
		DynamicRecordSizingDisabled: true, // small records help no list, and take each event of a watch several system calls
	}
	if c.ClientCAFile != "" || c.RequestHeaderClientCAFile != "" {
		config.ClientAuth = tls.RequestClientCert
	}
	return config
}

// selfSigned takes the certificate kept in dir, or makes one and keeps it there, with ca.crt for clients to trust.
func selfSigned(listen, dir string) (*tls.Certificate, error) {
	if dir == "" {
		chain, key, err := makeCertificate(listen)
		if err != nil {
			return nil, err
		}
		return pair(chain, key)
	}
	certFile, keyFile := filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")
	if kept, err := tls.LoadX509KeyPair(certFile, keyFile); err == nil && time.Until(kept.Leaf.NotAfter) > renewBefore {
		return &kept, nil
	}
	chain, key, err := makeCertificate(listen)
	if err != nil {
		return nil, err
	}
	if err := keep(dir, chain, key); err != nil {
		return nil, err
	}
	return pair(chain, key)
}

func makeCertificate(listen string) (chain, key []byte, err error) {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return nil, nil, err
	}
	ips := []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback}
	names := []string{"localhost", "k8cache", "k8cache.k8cache.svc"}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	if own, err := os.Hostname(); err == nil {
		names = append(names, own)
	}
	return certutil.GenerateSelfSignedCertKey(host, ips, names)
}

// keep writes the certificate chain, its CA alone, and the key, which only the owner may read.
func keep(dir string, chain, key []byte) error {
	ca, err := lastBlock(chain)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for name, content := range map[string][]byte{"tls.crt": chain, "tls.key": key, "ca.crt": ca} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// lastBlock is the last certificate of a chain: the CA.
func lastBlock(chain []byte) ([]byte, error) {
	var last *pem.Block
	for block, rest := pem.Decode(chain); block != nil; block, rest = pem.Decode(rest) {
		last = block
	}
	if last == nil {
		return nil, errors.New("no certificate in the chain")
	}
	return pem.EncodeToMemory(last), nil
}

func pair(chain, key []byte) (*tls.Certificate, error) {
	certificate, err := tls.X509KeyPair(chain, key)
	return &certificate, err
}
