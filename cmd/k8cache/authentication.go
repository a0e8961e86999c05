package main

import (
	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/rbac/authn"
)

// newAuthenticator makes what tells who is calling one cluster. It asks with the service's own credentials.
func newAuthenticator(reviewer *rbac.Client, c Config) *authn.Authenticator {
	if c.Authentication == authenticationKubeconfig {
		return authn.New(authn.Options{Self: authn.NewSelf(reviewer)})
	}
	return authn.New(authn.Options{Tokens: authn.NewTokens(authn.TokensOptions{Reviewer: reviewer})})
}
