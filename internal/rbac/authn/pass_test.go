package authn_test

import (
	"crypto/x509/pkix"
	"testing"
)

func TestOnlyWhatTheClusterCanJudgeIsPassedOn(t *testing.T) {
	front, users := newAuthority(t, nil), newAuthority(t, nil)
	a := fronted(t, front, users)
	user, proxy := users.client(t, pkix.Name{CommonName: "alice"}), front.client(t, pkix.Name{CommonName: "proxy"})
	for _, test := range []struct {
		name string
		pass func() error
		want int32
	}{
		{"a token, whatever it is worth", func() error { return a.Pass(request("Authorization", "Bearer unknown")) }, 200},
		{"nothing", func() error { return a.Pass(request()) }, 200},
		{"a certificate", func() error { return a.Pass(showing(request(), user)) }, 403},
		{"a front proxy that names a user", func() error { return a.Pass(showing(request("X-Remote-User", "alice"), proxy)) }, 403},
		{"a front proxy with a user's token", func() error { return a.Pass(showing(request("Authorization", "Bearer t"), proxy)) }, 200},
		{"a certificate and a token", func() error { return a.Pass(showing(request("Authorization", "Bearer t"), user)) }, 400},
		{"two tokens", func() error { return a.Pass(request("Authorization", "Bearer t", "Authorization", "Bearer u")) }, 400},
	} {
		if got := code(t, test.pass()); got != test.want {
			t.Errorf("%s: got %d, want %d", test.name, got, test.want)
		}
	}
}
