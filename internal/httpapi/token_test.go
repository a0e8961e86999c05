package httpapi

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
)

func TestTokensGoOnWhereTheyWereMade(t *testing.T) {
	k, purpose := newTokens(), []string{"east", "pods", "alice"}
	got, err := k.open(k.seal(616, "a-b/cm2\x00", purpose), purpose)
	if err != nil || got.Revision != 616 || got.Start != "a-b/cm2\x00" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestThreat08_TokensAreBound(t *testing.T) {
	k := newTokens()
	text := k.seal(616, "a/b\x00", []string{"east", "pods", "alice", "staff"})
	for name, purpose := range map[string][]string{
		"another user":             {"east", "pods", "bob", "staff"},
		"another cluster":          {"west", "pods", "alice", "staff"},
		"another query":            {"east", "configmaps", "alice", "staff"},
		"fields that run together": {"east", "pods", "ali", "cestaff"},
		"fewer fields":             {"east", "pods", "alicestaff"},
	} {
		if _, err := k.open(text, purpose); !errors.Is(err, errBadToken) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestThreat08_AlteredTokensAreRefused(t *testing.T) {
	k, purpose := newTokens(), []string{"east"}
	body, err := base64.RawURLEncoding.DecodeString(k.seal(616, "a/b\x00", purpose))
	if err != nil {
		t.Fatal(err)
	}
	for _, edit := range []struct{ from, to string }{{"616", "617"}, {"a/b", "a/c"}, {`"seal":"`, `"seal":"AA`}} {
		altered := base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(body), edit.from, edit.to, 1)))
		if _, err := k.open(altered, purpose); err == nil {
			t.Errorf("%v: taken", edit)
		}
	}
}

func TestTokensOfOthersAreTold(t *testing.T) {
	foreign := base64.RawURLEncoding.EncodeToString([]byte(`{"v":"meta.k8s.io/v1","rv":5,"start":"a"}`))
	for _, text := range []string{foreign, "", "%%%", "e30", newTokens().seal(1, "a", nil)} {
		if _, err := newTokens().open(text, nil); !errors.Is(err, errForeignToken) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func FuzzOpenToken(f *testing.F) {
	k := newTokens()
	f.Add(k.seal(1, "a", nil))
	f.Fuzz(func(t *testing.T, text string) {
		if at, err := k.open(text, []string{"x"}); err == nil {
			t.Errorf("%q was taken as %+v", text, at)
		}
	})
}
