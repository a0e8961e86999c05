package authn

import (
	"encoding/base64"
	"fmt"
	"testing"
	"time"
)

// FuzzLifetime feeds the only reader of a token's inside. A token cannot make itself be remembered for longer than the
// rule says, which caps what comes out; it must not come out below zero, nor end the process.
func FuzzLifetime(f *testing.F) {
	now := time.Unix(1_800_000_000, 0)
	for _, claims := range []string{`{"exp":1800000010}`, `{"exp":-1}`, `{"exp":1e400}`, `{"exp":"soon"}`, `{"exp":null}`, `[]`, `{`, ``} {
		f.Add("h." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".s")
	}
	f.Add("opaque")
	f.Add("..")
	f.Fuzz(func(t *testing.T, token string) {
		if left := lifetime(token, now); left < 0 {
			t.Errorf("%q lives for %s", token, left)
		}
	})
}

func TestLifetimeIsWhatTheTokenSays(t *testing.T) {
	now := time.Unix(1_800_000_000, 500_000_000)
	for claims, want := range map[string]time.Duration{
		`{"exp":1800000010}`:            9500 * time.Millisecond,
		`{"exp":1800000010.25}`:         9750 * time.Millisecond,
		`{"exp":1800000000}`:            0,
		`{"exp":0}`:                     0,
		`{"exp":9e18}`:                  forever,
		`{"exp":null}`:                  forever,
		`{}`:                            forever,
		`{"exp":"1800000010"}`:          forever, // RFC 7519 has it a number; nobody but the cluster decides
		`{"exp":1800000010,"exp":null}`: forever,
	} {
		token := fmt.Sprintf("h.%s.s", base64.RawURLEncoding.EncodeToString([]byte(claims)))
		if got := lifetime(token, now); got != want {
			t.Errorf("%s: got %s, want %s", claims, got, want)
		}
	}
}
