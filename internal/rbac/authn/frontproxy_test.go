package authn_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	authenticationv1 "k8s.io/api/authentication/v1"

	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/rbac/authn"
)

// fronted returns an authenticator that believes certificates of the front authority named "proxy", client certificates
// of users, and tokens.
func fronted(t *testing.T, front, users *authority, change ...func(*authn.FrontProxyOptions)) *authn.Authenticator {
	t.Helper()
	o := authn.FrontProxyOptions{Authorities: always(trusted(t, front)), AllowedNames: []string{"proxy"}}
	for _, c := range change {
		c(&o)
	}
	p, err := authn.NewFrontProxy(o)
	if err != nil {
		t.Fatal(err)
	}
	r := &reviewer{known: map[string]authenticationv1.TokenReviewStatus{"good": accepted("token-user")}}
	return authn.New(authn.Options{
		Tokens: authn.NewTokens(authn.TokensOptions{Reviewer: r}), FrontProxy: p,
		Certificates: authn.NewCertificates(always(trusted(t, users))),
	})
}

func TestFrontProxyNamesTheUser(t *testing.T) {
	front := newAuthority(t, nil)
	a := fronted(t, front, newAuthority(t, nil))
	r := showing(request(
		"X-Remote-User", "alice", "X-Remote-Uid", "u1", "X-Remote-Group", "dev", "X-Remote-Group", "ops", "X-Remote-Group", "",
		"X-Remote-Extra-Scopes", "a", "X-Remote-Extra-Scopes", "b", "X-Remote-Extra-Acme.com%2fproject", "p",
	), front.client(t, pkix.Name{CommonName: "proxy"}))
	got, err := a.Authenticate(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	want := authn.Caller{Method: authn.ByFrontProxy, User: rbac.User{
		Name: "alice", UID: "u1", Groups: []string{"dev", "ops", "system:authenticated"},
		Extra: map[string][]string{"scopes": {"a", "b"}, "acme.com/project": {"p"}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestThreat19_IdentityHeadersCountOnlyFromAFrontProxy(t *testing.T) {
	front, users, strangers := newAuthority(t, nil), newAuthority(t, nil), newAuthority(t, nil)
	proxy := front.client(t, pkix.Name{CommonName: "proxy"})
	for _, test := range []struct {
		name    string
		cert    *x509.Certificate
		headers []string
		want    string // the user's name, or the code
	}{
		{"from the proxy", proxy, []string{"X-Remote-User", "alice"}, "alice"},
		{"in another case", proxy, []string{"x-remote-user", "alice"}, "alice"},
		{"without a certificate", nil, []string{"X-Remote-User", "alice"}, "401"},
		{"with a stranger's certificate", strangers.client(t, pkix.Name{CommonName: "proxy"}), []string{"X-Remote-User", "alice"}, "401"},
		{"with a user's certificate", users.client(t, pkix.Name{CommonName: "bob"}), []string{"X-Remote-User", "alice"}, "bob"},
		{"with a user's certificate named like the proxy", users.client(t, pkix.Name{CommonName: "proxy"}), []string{"X-Remote-User", "alice"}, "proxy"},
		{"with a certificate of that authority and another name", front.client(t, pkix.Name{CommonName: "other"}), []string{"X-Remote-User", "alice"}, "401"},
		{"with a server's certificate", front.client(t, pkix.Name{CommonName: "proxy"}, func(c *x509.Certificate) {
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
		}), []string{"X-Remote-User", "alice"}, "401"},
		{"with a token", nil, []string{"X-Remote-User", "alice", "Authorization", "Bearer good"}, "token-user"},
		{"from the proxy, with a token too", proxy, []string{"X-Remote-User", "alice", "Authorization", "Bearer good"}, "400"},
		{"from the proxy, a token alone", proxy, []string{"Authorization", "Bearer good"}, "token-user"},
		{"from the proxy, nothing", proxy, nil, "401"},
		{"from the proxy, an empty name", proxy, []string{"X-Remote-User", ""}, "401"},
		{"from the proxy, twice", proxy, []string{"X-Remote-User", "alice", "X-Remote-User", "bob"}, "400"},
		{"from the proxy, underscores", proxy, []string{"X_Remote_User", "alice"}, "401"},
		{"from the proxy, two UIDs", proxy, []string{"X-Remote-User", "alice", "X-Remote-Uid", "1", "X-Remote-Uid", "2"}, "400"},
		{"from the proxy, a master", proxy, []string{"X-Remote-User", "alice", "X-Remote-Group", "system:masters"}, "401"},
		{"from the proxy, anonymous", proxy, []string{"X-Remote-User", "system:anonymous", "X-Remote-Group", "system:unauthenticated"}, "401"},
		{"a user's certificate and a token", users.client(t, pkix.Name{CommonName: "bob"}), []string{"Authorization", "Bearer good"}, "400"},
		{"a stranger's certificate and a token", strangers.client(t, pkix.Name{CommonName: "bob"}), []string{"Authorization", "Bearer good"}, "400"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := request(test.headers...)
			if test.cert != nil {
				showing(r, test.cert)
			}
			got, err := fronted(t, front, users).Authenticate(t.Context(), r)
			said := got.Name
			if err != nil {
				said = map[int32]string{400: "400", 401: "401"}[code(t, err)]
			}
			if said != test.want {
				t.Errorf("got %q (%v), want %q", said, err, test.want)
			}
		})
	}
}

func TestFrontProxyMayNameMastersWhereAllowed(t *testing.T) {
	front := newAuthority(t, nil)
	a := fronted(t, front, newAuthority(t, nil), func(o *authn.FrontProxyOptions) { o.AllowMasters = true })
	r := showing(request("X-Remote-User", "alice", "X-Remote-Group", "system:masters"), front.client(t, pkix.Name{CommonName: "proxy"}))
	if got, err := a.Authenticate(t.Context(), r); err != nil || !got.IsMaster() {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestThreat19_ACertificateThatIsAProxysAndAUsersIsNobodys(t *testing.T) {
	both := newAuthority(t, nil)
	r := showing(request("X-Remote-User", "alice"), both.client(t, pkix.Name{CommonName: "proxy"}))
	if got, err := fronted(t, both, both).Authenticate(t.Context(), r); code(t, err) != http.StatusUnauthorized {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestFrontProxyNeedsAuthoritiesAndNames(t *testing.T) {
	ca := trusted(t, newAuthority(t, nil))
	for name, o := range map[string]authn.FrontProxyOptions{
		"nothing":           {},
		"no names":          {Authorities: always(ca)},
		"an empty name":     {Authorities: always(ca), AllowedNames: []string{""}},
		"no authorities":    {Authorities: always(nil), AllowedNames: []string{"proxy"}},
		"a nameless header": {Authorities: always(ca), AllowedNames: []string{"proxy"}, ExtraPrefixes: []string{""}},
	} {
		if _, err := authn.NewFrontProxy(o); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestThreat19_IdentityHeadersDoNotTravelOn(t *testing.T) {
	a := fronted(t, newAuthority(t, nil), newAuthority(t, nil), func(o *authn.FrontProxyOptions) {
		o.UserHeaders, o.GroupHeaders, o.ExtraPrefixes = []string{"Remote-User"}, []string{"Remote-Group"}, []string{"Remote-Extra-"}
	})
	h := http.Header{
		"X-Remote-User": {"a"}, "x-remote-group": {"a"}, "X_Remote_User": {"a"}, "X-Remote_Extra-Scopes": {"a"}, "X-Remote-Anything": {"a"},
		"Remote-User": {"a"}, "REMOTE_USER": {"a"}, "Remote-Group": {"a"}, "Remote-Extra-X": {"a"}, "remote_extra_x": {"a"},
		"Authorization": {"Bearer t"}, "Accept": {"*/*"}, "Remote-Users": {"kept"},
	}
	a.Strip(h)
	var left []string
	for name := range h {
		left = append(left, name)
	}
	slices.Sort(left)
	if diff := cmp.Diff([]string{"Accept", "Authorization", "Remote-Users"}, left); diff != "" {
		t.Error(diff)
	}
}
