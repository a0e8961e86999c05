package httpapi

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// tokenVersion is the API server's own (k8s.io/apiserver, pkg/storage/continue.go). A token made here can be taken to
// the API server: it reads the same version and place in it, and does not mind the rest.
const tokenVersion = "meta.k8s.io/v1" //nolint:gosec // a name, no credential

// inconsistent stands in a token for the version of a list that cannot be continued as it was begun.
const inconsistent = -1

// token is where a list goes on.
type token struct {
	Version  string `json:"v"`
	Revision int64  `json:"rv"`
	// Start is the first key that is not in the pages before, without the collection's prefix.
	Start string `json:"start"`
	// Issuer names the process that made the token, and Seal its HMAC over all that the token is good for.
	Issuer string `json:"k8cache,omitempty"`
	Seal   []byte `json:"seal,omitempty"`
}

var (
	errForeignToken = errors.New("a continue token that was not made here")
	errBadToken     = apierrors.NewBadRequest("invalid continue token: continue key is not valid: it was altered, or belongs to another list or caller")
)

// tokens makes and checks continue tokens. The key lives as long as the process.
type tokens struct {
	issuer string
	key    [sha256.Size]byte
}

func newTokens() *tokens {
	t := &tokens{issuer: rand.Text()[:12]}
	_, _ = rand.Read(t.key[:]) // never fails (crypto/rand)
	return t
}

// seal makes the token of a place. The purpose is what it is bound to: caller, cluster, query.
func (t *tokens) seal(revision int64, start string, purpose []string) string {
	k := token{Version: tokenVersion, Revision: revision, Start: start, Issuer: t.issuer}
	k.Seal = t.sum(k, purpose)
	body, _ := json.Marshal(k) // strings, numbers and bytes always can be
	return base64.RawURLEncoding.EncodeToString(body)
}

// open checks a token. It fails with errForeignToken where an API server or another process made it, and with a 400
// where it is none of ours although it says so.
func (t *tokens) open(text string, purpose []string) (token, error) {
	var k token
	body, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil || json.Unmarshal(body, &k) != nil || k.Issuer != t.issuer {
		return token{}, errForeignToken
	}
	if !hmac.Equal(k.Seal, t.sum(k, purpose)) {
		return token{}, errBadToken
	}
	return k, nil
}

// sum covers every field with its length before it, so that no two purposes run into each other.
func (t *tokens) sum(k token, purpose []string) []byte {
	mac := hmac.New(sha256.New, t.key[:])
	_ = binary.Write(mac, binary.BigEndian, k.Revision)
	for _, field := range append([]string{k.Start}, purpose...) {
		_ = binary.Write(mac, binary.BigEndian, int64(len(field)))
		mac.Write([]byte(field))
	}
	return mac.Sum(nil)
}
