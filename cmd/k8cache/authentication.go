package main

import (
	"fmt"

	"k8s.io/client-go/rest"

	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/rbac/authn"
)

// newAuthenticator makes what tells who is calling one cluster. It asks with the service's own credentials.
func newAuthenticator(name string, config *rest.Config, c Config) (*authn.Authenticator, error) {
	client, err := rbac.NewClient(config)
	if err != nil {
		return nil, fmt.Errorf("cluster %q: %w", name, err)
	}
	if c.Authentication == authenticationKubeconfig {
		return authn.New(authn.Options{Self: authn.NewSelf(client)}), nil
	}
	return authn.New(authn.Options{Tokens: authn.NewTokens(authn.TokensOptions{Reviewer: client})}), nil
}
