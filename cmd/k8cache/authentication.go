package main

import (
	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/rbac/authn"
)

// newAuthenticator makes what tells who is calling one cluster. It asks with the service's own credentials.
func newAuthenticator(reviews *rbac.Client, c Config) *authn.Authenticator {
	if c.Authentication == authenticationKubeconfig {
		return authn.New(authn.Options{Self: authn.NewSelf(reviews)})
	}
	return authn.New(authn.Options{Tokens: authn.NewTokens(authn.TokensOptions{Reviewer: reviews})})
}

// newAuthorizer makes what tells what callers of one cluster may see. Where every caller is the kubeconfig's user, the
// cluster is asked what that user may do: everybody may ask about themselves, and few may ask about others or read all
// RBAC objects.
func newAuthorizer(reviews *rbac.Client, collections rbac.Collections, c Config) *rbac.Authorizer {
	o := rbac.Options{Mode: rbac.Mode(c.Authorization), Collections: collections, Reviewer: reviews}
	if c.Authentication == authenticationKubeconfig && o.Mode != rbac.ModeRBAC {
		o.Mode, o.Reviewer = rbac.ModeSAR, reviews.Self()
	}
	return rbac.New(o)
}
