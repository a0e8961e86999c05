package authz

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/rbac/authn"
)

// asker authenticates by token.
type asker struct{ *authn.Authenticator }

// ask returns whose token it is, and the code of the refusal.
func (a asker) ask(t *testing.T, token string) (authn.Caller, int32) {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/api/v1/pods", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	caller, err := a.Authenticate(t.Context(), r)
	if err == nil {
		return caller, http.StatusOK
	}
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		t.Fatal(err)
	}
	return caller, status.Status().Code
}

// TestTokensAreTheAPIServers authenticates real tokens.
func TestTokensAreTheAPIServers(t *testing.T) {
	p := start(t)
	a := asker{authn.New(authn.Options{Tokens: authn.NewTokens(authn.TokensOptions{Reviewer: p.client})})}
	dora, err := p.TokenUser("dora")
	if err != nil {
		t.Fatal(err)
	}
	if got, code := a.ask(t, dora.Token); code != http.StatusOK || got.Name != "dora" || !slices.Equal(got.Groups, []string{"dev", "system:authenticated"}) {
		t.Errorf("dora: %+v, %d", got, code)
	}
	if _, code := a.ask(t, dora.Token+"x"); code != http.StatusUnauthorized {
		t.Errorf("a token that is almost dora's: %d", code)
	}
	bot, err := p.ServiceAccount(t.Context(), "default", "bot")
	if err != nil {
		t.Fatal(err)
	}
	got, code := a.ask(t, bot.Token)
	want := []string{"system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"}
	if code != http.StatusOK || got.Name != bot.Name || !slices.Equal(got.Groups, want) || got.UID == "" {
		t.Errorf("bot: %+v, %d", got, code)
	}
	if _, code := a.ask(t, p.tokenFor(t, "bot", "elsewhere")); code != http.StatusUnauthorized {
		t.Errorf("a token for another audience: %d", code)
	}
	if err := p.objects.CoreV1().ServiceAccounts("default").Delete(t.Context(), "bot", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	// The API server itself goes on accepting the token for 10 s; k8cache adds as much.
	eventually(t, "the token of a deleted account is refused", 25*time.Second, func() bool {
		_, code := a.ask(t, bot.Token)
		return code == http.StatusUnauthorized
	})
}

// tokenFor returns a service account's token for an audience.
func (p *plane) tokenFor(t *testing.T, account, audience string) string {
	t.Helper()
	request := &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{Audiences: []string{audience}}}
	answer, err := p.objects.CoreV1().ServiceAccounts("default").CreateToken(t.Context(), account, request, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return answer.Status.Token
}

// TestSelfIsTheKubeconfigsUser asks as people who may not ask about others.
func TestSelfIsTheKubeconfigsUser(t *testing.T) {
	p := start(t)
	p.bind(t, "default", "bob")
	bob, err := p.TokenUser("bob")
	if err != nil {
		t.Fatal(err)
	}
	client, err := rbac.NewClient(bob.Config)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	caller, err := authn.New(authn.Options{Self: authn.NewSelf(client)}).Authenticate(t.Context(), httptest.NewRequest(http.MethodGet, "/", nil))
	if err != nil || caller.Name != "bob" {
		t.Fatalf("%+v, %v", caller, err)
	}
	a := rbac.New(rbac.Options{Mode: rbac.ModeSAR, Reviewer: client.Self()})
	for namespace, want := range map[string]bool{"default": true, "kube-public": false, "": false} {
		if s, err := a.Scope(t.Context(), caller.User, listPods(namespace)); err != nil || s.All() != want {
			t.Errorf("%q: %v, %v", namespace, s.All(), err)
		}
	}
	if _, err := client.SubjectAccessReview(t.Context(), authorizationv1.SubjectAccessReviewSpec{
		User: "alice", ResourceAttributes: &authorizationv1.ResourceAttributes{Verb: "list", Resource: "pods"},
	}); !apierrors.IsForbidden(err) {
		t.Errorf("bob may ask about others: %v", err)
	}
}
