package testenv

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/util/keyutil"
)

// TokenLeeway is how long after its expiry an API server still takes a token, to forgive clocks that differ.
const TokenLeeway = time.Minute

// MintToken returns a service account, made if there is none of that name, with a token that the API server no longer takes after
// so long (and up to ten seconds more, for which it remembers whom a token belongs to). TokenRequest gives none below ten
// minutes, so this signs one with the API server's own key: for tests of what happens when a caller's token expires.
func (c *ControlPlane) MintToken(ctx context.Context, namespace, name string, life time.Duration) (*Identity, error) {
	identity, err := c.ServiceAccount(ctx, namespace, name)
	if err != nil {
		return nil, err
	}
	client, err := kubernetes.NewForConfig(c.admin)
	if err != nil {
		return nil, err
	}
	account, err := client.CoreV1().ServiceAccounts(namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return nil, fmt.Errorf("mint token: %w", err)
	}
	token, err := c.sign(identity.Name, life-TokenLeeway, map[string]any{
		"namespace":      namespace,
		"serviceaccount": map[string]any{"name": name, "uid": account.UID},
	})
	if err != nil {
		return nil, fmt.Errorf("mint token: %w", err)
	}
	return Bearer(c.admin, identity.Name, token), nil
}

func (c *ControlPlane) sign(subject string, life time.Duration, account map[string]any) (string, error) {
	encoded, err := os.ReadFile(filepath.Join(c.dir, "certs", "sa-signer.key"))
	if err != nil {
		return "", err
	}
	key, err := keyutil.ParsePrivateKeyPEM(encoded)
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, nil)
	if err != nil {
		return "", err
	}
	issuer, now := c.plane.APIServer.SecureServing.URL("https", "/").String(), time.Now()
	return jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: issuer, Audience: jwt.Audience{issuer}, Subject: subject,
		IssuedAt: jwt.NewNumericDate(now.Add(-time.Hour)), NotBefore: jwt.NewNumericDate(now.Add(-time.Hour)),
		Expiry: jwt.NewNumericDate(now.Add(life)),
	}).Claims(map[string]any{"kubernetes.io": account}).Serialize()
}
