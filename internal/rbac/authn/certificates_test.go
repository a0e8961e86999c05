package authn_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/k8cache/k8cache/internal/rbac/authn"
)

// uid is the attribute that carries a UID in a subject.
func uid(value any) pkix.AttributeTypeAndValue {
	return pkix.AttributeTypeAndValue{Type: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 57683, 2}, Value: value}
}

func TestCertificateNamesTheUser(t *testing.T) {
	ca := newAuthority(t, nil)
	a := authn.New(authn.Options{Certificates: authn.NewCertificates(always(trusted(t, ca)))})
	cert := ca.client(t, pkix.Name{CommonName: "alice", Organization: []string{"dev", "ops"}, ExtraNames: []pkix.AttributeTypeAndValue{uid("u1")}})
	got, err := a.Authenticate(t.Context(), showing(request(), cert))
	if err != nil {
		t.Fatal(err)
	}
	id := got.Extra["authentication.kubernetes.io/credential-id"]
	if len(id) != 1 || !strings.HasPrefix(id[0], "X509SHA256=") {
		t.Errorf("credential id %v", id)
	}
	if got.Name != "alice" || got.UID != "u1" || got.Method != authn.ByCertificate {
		t.Errorf("got %+v", got)
	}
	if diff := cmp.Diff([]string{"dev", "ops", "system:authenticated"}, got.Groups); diff != "" {
		t.Error(diff)
	}
}

func TestCertificatesThatProveNothingAreRefused(t *testing.T) {
	ca, other := newAuthority(t, nil), newAuthority(t, nil)
	between := newAuthority(t, ca)
	alice := pkix.Name{CommonName: "alice"}
	uids := func(values ...any) pkix.Name {
		n := alice
		for _, v := range values {
			n.ExtraNames = append(n.ExtraNames, uid(v))
		}
		return n
	}
	accepted, refused := int32(http.StatusOK), int32(http.StatusUnauthorized)
	for _, test := range []struct {
		name  string
		certs []*x509.Certificate
		want  int32
	}{
		{"good", []*x509.Certificate{ca.client(t, alice)}, accepted},
		{"none", nil, refused},
		{"of another authority", []*x509.Certificate{other.client(t, alice)}, refused},
		{"through an intermediate", []*x509.Certificate{between.client(t, alice), between.cert}, accepted},
		{"through an intermediate not shown", []*x509.Certificate{between.client(t, alice)}, refused},
		{"a good one behind a bad one", []*x509.Certificate{other.client(t, alice), ca.client(t, alice)}, refused},
		{"of a server", []*x509.Certificate{ca.client(t, alice, func(c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		})}, refused},
		{"over", []*x509.Certificate{ca.client(t, alice, func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().Add(-2*time.Hour), time.Now().Add(-time.Hour)
		})}, refused},
		{"not begun", []*x509.Certificate{ca.client(t, alice, func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().Add(time.Hour), time.Now().Add(2*time.Hour)
		})}, refused},
		{"of nobody", []*x509.Certificate{ca.client(t, pkix.Name{Organization: []string{"system:masters"}})}, refused},
		{"of anonymous", []*x509.Certificate{ca.client(t, pkix.Name{CommonName: "system:anonymous"})}, refused},
		{"with one UID", []*x509.Certificate{ca.client(t, uids("u"))}, accepted},
		{"with two UIDs", []*x509.Certificate{ca.client(t, uids("u", "v"))}, refused},
		{"with an empty UID", []*x509.Certificate{ca.client(t, uids(""))}, refused},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := authn.New(authn.Options{Certificates: authn.NewCertificates(always(trusted(t, ca)))})
			_, err := a.Authenticate(t.Context(), showing(request(), test.certs...))
			if got := code(t, err); got != test.want {
				t.Errorf("got %v, want %d", err, test.want)
			}
		})
	}
}

func TestThreat06_ACertificateForOneClusterIsNoneForAnother(t *testing.T) {
	here, there := newAuthority(t, nil), newAuthority(t, nil)
	cert := here.client(t, pkix.Name{CommonName: "alice"})
	for authority, want := range map[*authority]int32{here: http.StatusOK, there: http.StatusUnauthorized} {
		a := authn.New(authn.Options{Certificates: authn.NewCertificates(always(trusted(t, authority)))})
		if _, err := a.Authenticate(t.Context(), showing(request(), cert)); code(t, err) != want {
			t.Errorf("got %v, want %d", err, want)
		}
	}
}

func TestThreat38_ACertificateIsJudgedOnEachRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ca := newAuthority(t, nil)
		current := trusted(t, ca)
		a := authn.New(authn.Options{Certificates: authn.NewCertificates(func() *authn.Authorities { return current })})
		cert := ca.client(t, pkix.Name{CommonName: "alice"}, func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now(), time.Now().Add(time.Minute)
		})
		sees := func(when string, want int32) {
			t.Helper()
			if _, err := a.Authenticate(t.Context(), showing(request(), cert)); code(t, err) != want {
				t.Errorf("%s: got %v, want %d", when, err, want)
			}
		}
		sees("at first", http.StatusOK)
		current = trusted(t, newAuthority(t, nil))
		sees("after its authority was taken away", http.StatusUnauthorized)
		current = nil
		sees("without any authority", http.StatusUnauthorized)
		current = trusted(t, ca)
		time.Sleep(time.Minute + time.Second)
		sees("after its end", http.StatusUnauthorized)
	})
}

func TestAuthoritiesAreReadWholeOrNotAtAll(t *testing.T) {
	for name, bundle := range map[string]string{
		"nothing":     "",
		"no PEM":      "hello",
		"a key":       "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
		"no ASN.1":    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
		"only a text": "# nothing here\n",
	} {
		if _, err := authn.ParseAuthorities([]byte(bundle)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestAuthoritiesOverlap(t *testing.T) {
	one, two := newAuthority(t, nil), newAuthority(t, nil)
	between := newAuthority(t, one)
	for _, test := range []struct {
		name string
		a, b *authn.Authorities
		want bool
	}{
		{"apart", trusted(t, one), trusted(t, two), false},
		{"the same", trusted(t, one), trusted(t, one), true},
		{"one in common", trusted(t, one, two), trusted(t, two), true},
		{"one vouches for the other", trusted(t, one), trusted(t, between), true},
	} {
		if test.a.Overlaps(test.b) != test.want || test.b.Overlaps(test.a) != test.want {
			t.Errorf("%s: want %v", test.name, test.want)
		}
	}
}
