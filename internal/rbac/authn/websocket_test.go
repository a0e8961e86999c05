package authn_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	authenticationv1 "k8s.io/api/authentication/v1"

	"github.com/k8cache/k8cache/internal/rbac/authn"
)

func TestWebSocketBearerSubprotocol(t *testing.T) {
	carry := func(token string) string {
		return "base64url.bearer.authorization.k8s.io." + base64.RawURLEncoding.EncodeToString([]byte(token))
	}
	r := &reviewer{known: map[string]authenticationv1.TokenReviewStatus{"good": accepted("alice")}}
	const upgrade = "Upgrade: websocket|Connection: keep-alive, Upgrade|Sec-WebSocket-Protocol: "
	for _, test := range []struct {
		name, headers string
		want          int32
	}{
		{"with another", upgrade + carry("good") + ", base64.binary.k8s.io", 200},
		{"behind another", upgrade + "base64.binary.k8s.io," + carry("good"), 200},
		{"in a header of its own", upgrade + "base64.binary.k8s.io|Sec-WebSocket-Protocol: " + carry("good"), 200},
		{"a bad token", upgrade + carry("bad") + ", v4.channel.k8s.io", 401},
		{"alone", upgrade + carry("good"), 401},
		{"twice", upgrade + carry("good") + "," + carry("good") + ",x", 401},
		{"empty", upgrade + carry("") + ",x", 401},
		{"too long", upgrade + carry(strings.Repeat("x", 33<<10)) + ",x", 401},
		{"not base64", upgrade + "base64url.bearer.authorization.k8s.io.!!!, x", 401},
		{"padded base64", upgrade + carry("good") + "==, x", 401},
		{"not UTF-8", upgrade + carry("\xff\xfe") + ",x", 401},
		{"with an Authorization header", upgrade + carry("good") + ",x|Authorization: Bearer good", 400},
		{"not an upgrade", "Sec-WebSocket-Protocol: " + carry("good") + ", x", 401},
		{"an upgrade to something else", "Upgrade: SPDY/3.1|Connection: Upgrade|Sec-WebSocket-Protocol: " + carry("good") + ", x", 401},
		{"an upgrade that the connection does not carry", "Upgrade: websocket|Connection: keep-alive|Sec-WebSocket-Protocol: " + carry("good") + ", x", 401},
		{"none", upgrade + "base64.binary.k8s.io", 401},
		{"none, with an Authorization header", upgrade + "base64.binary.k8s.io|Authorization: Bearer good", 200},
	} {
		t.Run(test.name, func(t *testing.T) {
			req := request()
			for header := range strings.SplitSeq(test.headers, "|") {
				name, value, _ := strings.Cut(header, ": ")
				req.Header.Add(name, value)
			}
			got, err := tokens(r).Authenticate(t.Context(), req)
			if code(t, err) != test.want {
				t.Errorf("got %+v, %v, want %d", got, err, test.want)
			}
		})
	}
	h := http.Header{"Sec-Websocket-Protocol": {"base64.binary.k8s.io, " + carry("good"), "v5.channel.k8s.io"}}
	if diff := cmp.Diff([]string{"base64.binary.k8s.io", "v5.channel.k8s.io"}, authn.Subprotocols(h)); diff != "" {
		t.Error(diff)
	}
}

// FuzzCredentials feeds the readers of untrusted headers: whatever comes, it is judged by at most one token, and nobody
// gets in with none.
func FuzzCredentials(f *testing.F) {
	f.Add("Bearer good", "websocket", "base64url.bearer.authorization.k8s.io.Z29vZA, x")
	f.Add("Bearer  good", "", "")
	f.Add("", "websocket", "base64url.bearer.authorization.k8s.io.Z29vZA, x")
	f.Fuzz(func(t *testing.T, authorization, upgrade, protocol string) {
		r := &reviewer{known: map[string]authenticationv1.TokenReviewStatus{"good": accepted("alice"), "": accepted("nobody")}}
		req := request("Connection", "Upgrade")
		if authorization != "" {
			req.Header["Authorization"] = []string{authorization}
		}
		req.Header["Upgrade"], req.Header["Sec-Websocket-Protocol"] = []string{upgrade}, []string{protocol}
		got, err := tokens(r).Authenticate(t.Context(), req)
		if err == nil && (got.Name != "alice" || len(r.asked) != 1) || len(r.asked) > 1 {
			t.Errorf("got %+v after %v", got, r.asked)
		}
		if err != nil {
			code(t, err)
		}
	})
}
