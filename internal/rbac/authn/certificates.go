package authn

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"net/http"

	"k8s.io/apimachinery/pkg/apis/asn1"

	"github.com/k8cache/k8cache/internal/rbac"
)

// Certificates judges client certificates. The user's name is the subject's common name, its organizations are the
// groups (k8s.io/apiserver, authentication/request/x509). There is no revocation but the certificate's end.
type Certificates struct {
	authorities func() *Authorities
}

// NewCertificates returns the judge of one cluster's client certificates. The authorities are asked for on each
// request, so that they can change; nil accepts nobody.
func NewCertificates(authorities func() *Authorities) *Certificates {
	return &Certificates{authorities: authorities}
}

// user returns whose certificate the request came with.
func (c *Certificates) user(r *http.Request) (rbac.User, error) {
	authorities := c.authorities()
	if authorities == nil {
		return rbac.User{}, unauthorized(errors.New("there are no authorities to judge client certificates by"))
	}
	cert, err := authorities.verify(r)
	if err != nil {
		return rbac.User{}, unauthorized(err)
	}
	u, err := subject(cert)
	if err != nil {
		return rbac.User{}, unauthorized(err)
	}
	return u.WithAuthenticated(), nil
}

// subject returns the user that a certificate names, as the API server reads it.
func subject(cert *x509.Certificate) (rbac.User, error) {
	if cert.Subject.CommonName == "" {
		return rbac.User{}, errors.New("the client certificate names nobody")
	}
	uid, err := subjectUID(cert)
	if err != nil {
		return rbac.User{}, err
	}
	fingerprint := sha256.Sum256(cert.Raw)
	return rbac.User{
		Name: cert.Subject.CommonName, UID: uid, Groups: cert.Subject.Organization,
		Extra: map[string][]string{"authentication.kubernetes.io/credential-id": {"X509SHA256=" + hex.EncodeToString(fingerprint[:])}},
	}, nil
}

// subjectUID returns the UID that a subject may carry since Kubernetes 1.33, once and not empty.
func subjectUID(cert *x509.Certificate) (string, error) {
	found := ""
	for _, name := range cert.Subject.Names {
		if !name.Type.Equal(asn1.X509UID()) {
			continue
		}
		uid, ok := name.Value.(string)
		if !ok || uid == "" || found != "" {
			return "", errors.New("the client certificate does not carry one UID")
		}
		found = uid
	}
	return found, nil
}
