package authn

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Authorities are the certificates that a chain may end in. They are immutable.
type Authorities struct {
	pool  *x509.CertPool
	certs []*x509.Certificate
}

// ParseAuthorities reads a bundle of PEM certificates, all of which must be readable.
func ParseAuthorities(bundle []byte) (*Authorities, error) {
	a := &Authorities{pool: x509.NewCertPool()}
	for {
		var block *pem.Block
		if block, bundle = pem.Decode(bundle); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			return nil, fmt.Errorf("read certificate authorities: unexpected PEM block %q", block.Type)
		}
		cert, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, fmt.Errorf("read certificate authorities: %w", err)
		}
		a.pool.AddCert(cert)
		a.certs = append(a.certs, cert)
	}
	if len(a.certs) == 0 {
		return nil, errors.New("read certificate authorities: no certificate found")
	}
	return a, nil
}

// Overlaps reports whether some chain may end in both: they share a key, or one vouches for the other. A front proxy
// behind such an authority could not be told from a user, nor a user from it.
func (a *Authorities) Overlaps(other *Authorities) bool {
	return a.knows(other) || other.knows(a)
}

// knows reports whether one of the other's certificates is among these or verifies against them.
func (a *Authorities) knows(other *Authorities) bool {
	return slices.ContainsFunc(other.certs, func(theirs *x509.Certificate) bool {
		same := slices.ContainsFunc(a.certs, func(ours *x509.Certificate) bool {
			return bytes.Equal(ours.RawSubjectPublicKeyInfo, theirs.RawSubjectPublicKeyInfo)
		})
		_, err := theirs.Verify(x509.VerifyOptions{Roots: a.pool, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
		return same || err == nil
	})
}

// errNoCertificate is the cause of a refusal for want of a client certificate.
var errNoCertificate = errors.New("no client certificate")

// verify returns the peer's certificate if it is good for a client now. The chain is verified per request and not at
// the handshake, as the API server does, so that a certificate that expires or an authority that is taken away in
// mid-connection counts, and so that each cluster can have authorities of its own behind one listener. The listener asks
// for certificates with tls.RequestClientCert.
func (a *Authorities) verify(r *http.Request) (*x509.Certificate, error) {
	if !presented(r) {
		return nil, errNoCertificate
	}
	options := x509.VerifyOptions{
		Roots:         a.pool,
		Intermediates: x509.NewCertPool(),
		CurrentTime:   time.Now(),
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	for _, cert := range r.TLS.PeerCertificates[1:] {
		options.Intermediates.AddCert(cert)
	}
	cert := r.TLS.PeerCertificates[0]
	if _, err := cert.Verify(options); err != nil {
		return nil, fmt.Errorf("verify the client certificate: %w", err)
	}
	return cert, nil
}

// presented reports whether the client showed a certificate, whatever it is worth.
func presented(r *http.Request) bool { return r.TLS != nil && len(r.TLS.PeerCertificates) > 0 }
