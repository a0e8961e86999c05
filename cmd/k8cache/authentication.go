package main

import (
	"errors"
	"fmt"

	"go.uber.org/zap"

	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/rbac/authn"
)

// identities are the ways to prove oneself that are the same for every cluster; nil is none.
type identities struct {
	certificates *authn.Certificates
	frontProxy   *authn.FrontProxy
}

// newIdentities reads the authorities that clients and front proxies are known by.
func newIdentities(c Config, log *zap.Logger) (identities, error) {
	var found identities
	var clients *authorities
	var err error
	if c.ClientCAFile != "" {
		if clients, err = openAuthorities(c.ClientCAFile, log); err != nil {
			return found, fmt.Errorf("--client-ca-file: %w", err)
		}
		found.certificates = authn.NewCertificates(clients.get)
	}
	if c.RequestHeaderClientCAFile == "" {
		return found, nil
	}
	proxies, err := openAuthorities(c.RequestHeaderClientCAFile, log)
	if err != nil {
		return found, fmt.Errorf("--requestheader-client-ca-file: %w", err)
	}
	// A user's certificate must never do for a front proxy's, which may name anybody.
	if clients != nil && clients.get().Overlaps(proxies.get()) {
		return found, errors.New("--client-ca-file and --requestheader-client-ca-file: must have no authority in common")
	}
	found.frontProxy, err = authn.NewFrontProxy(authn.FrontProxyOptions{
		Authorities: proxies.get, AllowedNames: c.RequestHeaderAllowedNames,
		UserHeaders: c.RequestHeaderUsernameHeaders, UIDHeaders: c.RequestHeaderUIDHeaders,
		GroupHeaders: c.RequestHeaderGroupHeaders, ExtraPrefixes: c.RequestHeaderExtraHeadersPrefix,
	})
	if err != nil {
		return found, fmt.Errorf("--requestheader-allowed-names: %w", err)
	}
	return found, nil
}

// newAuthenticator makes what tells who is calling one cluster. It asks with the service's own credentials.
func newAuthenticator(reviews *rbac.Client, known identities, c Config) *authn.Authenticator {
	if c.Authentication == authenticationKubeconfig {
		return authn.New(authn.Options{Self: authn.NewSelf(reviews)})
	}
	return authn.New(authn.Options{
		Tokens:       authn.NewTokens(authn.TokensOptions{Reviewer: reviews, Audiences: c.APIAudiences}),
		Certificates: known.certificates, FrontProxy: known.frontProxy,
	})
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
