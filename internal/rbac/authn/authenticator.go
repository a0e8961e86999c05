package authn

import (
	"context"
	"errors"
	"net/http"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/k8cache/k8cache/internal/rbac"
)

// Method is how a caller proved who they are.
type Method string

// The methods. Only a caller who came with a token can be passed on to the cluster: what a certificate or a front
// proxy proves to us, it does not prove there.
const (
	ByToken       Method = "token"
	ByKubeconfig  Method = "kubeconfig"
	ByCertificate Method = "certificate"
	ByFrontProxy  Method = "front-proxy"
)

// Caller is a verified identity and how it was proved.
type Caller struct {
	rbac.User
	Method Method
}

// ErrNoCredentials is the cause of the 401 for a request that brings nothing to judge.
var ErrNoCredentials = errors.New("no credentials")

// Options say what a cluster's callers may prove themselves with. What is nil is not accepted.
type Options struct {
	// Tokens judges bearer tokens.
	Tokens *Tokens
	// Certificates judges client certificates.
	Certificates *Certificates
	// FrontProxy believes a proxy in front.
	FrontProxy *FrontProxy
	// Self makes everybody the kubeconfig's user; nothing else is accepted beside it.
	Self *Self
}

// Authenticator tells who is calling one cluster.
type Authenticator struct {
	options Options
}

// New returns the Authenticator of one cluster.
func New(o Options) *Authenticator { return &Authenticator{options: o} }

// Authenticate returns the caller, or a Failure with the Status to send: 400 for credentials that do not say one
// thing, 401 for none or bad ones, 503 where the cluster could not be asked.
//
// An API server takes the first credential that works; here more than one kind is refused, because what is read as one
// user could be written as another. It takes a request without credentials as system:anonymous where that is switched
// on, and answers 401 where it is not. Here it is always 401: what is in memory is shown to identities that the cluster
// has vouched for, and a login prompt helps a browser more than a 403 does.
func (a *Authenticator) Authenticate(ctx context.Context, r *http.Request) (Caller, error) {
	c, err := a.credentials(r)
	if err != nil {
		return Caller{}, err
	}
	u, err := a.judge(ctx, r, c)
	if err == nil && u.IsAnonymous() {
		err = unauthorized(ErrNoCredentials)
	}
	if err != nil {
		return Caller{}, err
	}
	return Caller{User: u, Method: c.method}, nil
}

// judge verifies what was found.
func (a *Authenticator) judge(ctx context.Context, r *http.Request, c credentials) (rbac.User, error) {
	switch c.method {
	case ByKubeconfig:
		return a.options.Self.user(ctx)
	case ByToken:
		return a.options.Tokens.user(ctx, c.token, r.RemoteAddr)
	case ByCertificate:
		return a.options.Certificates.user(r)
	case ByFrontProxy:
		return a.options.FrontProxy.user(r.Header)
	default:
		return rbac.User{}, unauthorized(ErrNoCredentials)
	}
}

// unauthorized is the API server's 401, which says nothing about why.
func unauthorized(cause error) error {
	return rbac.NewFailure(apierrors.NewUnauthorized("Unauthorized"), cause)
}

// badRequest is a 400 with the reason.
func badRequest(reason string) error {
	return rbac.NewFailure(apierrors.NewBadRequest(reason), nil)
}
