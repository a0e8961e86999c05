package authn

import (
	"errors"
	"net/http"
	"strings"
)

// credentials are what a request brings to be judged by, of one kind, not verified yet but for a front proxy's own
// certificate.
type credentials struct {
	method Method // empty: none
	token  string
}

// credentials returns what the request brings. Only what this cluster accepts counts, so that a certificate for one
// cluster does not stand in the way of a token for another; headers by which a front proxy names a user count only when
// they come from one.
func (a *Authenticator) credentials(r *http.Request) (credentials, error) {
	tokens, err := bearerTokens(r.Header)
	if err != nil {
		return credentials{}, err
	}
	if a.options.Self != nil {
		return a.nobodyElse(tokens)
	}
	if len(tokens) > 0 && a.options.Tokens == nil {
		return credentials{}, unauthorized(errors.New("tokens are not accepted"))
	}
	var found []credentials
	for _, token := range tokens {
		found = append(found, credentials{method: ByToken, token: token})
	}
	method, err := a.certified(r)
	if err != nil {
		return credentials{}, err
	}
	if method != "" {
		found = append(found, credentials{method: method})
	}
	switch len(found) {
	case 0:
		return credentials{}, nil
	case 1:
		return found[0], nil
	default:
		return credentials{}, badRequest("the request carries more than one kind of credentials: " + kinds(found) + "; send one of them")
	}
}

// nobodyElse returns the kubeconfig's user, beside whom no token is accepted.
func (a *Authenticator) nobodyElse(tokens []string) (credentials, error) {
	if len(tokens) > 0 {
		return credentials{}, badRequest("the request carries a token, but this server lets every caller act as its kubeconfig's user; send none")
	}
	return credentials{method: ByKubeconfig}, nil
}

// certified returns what the peer's certificate is: a user's, a front proxy's that names a user, or nothing. A front
// proxy that names nobody passes a user's token on, and its certificate is not one more credential.
func (a *Authenticator) certified(r *http.Request) (Method, error) {
	if !presented(r) {
		return "", nil
	}
	if a.options.FrontProxy != nil {
		if cert, ok := a.options.FrontProxy.verify(r); ok {
			if a.options.Certificates != nil && a.options.Certificates.knows(r) {
				return "", unauthorized(errors.New("the certificate of " + cert.Subject.CommonName + " is a front proxy's and a user's at once"))
			}
			if a.options.FrontProxy.names(r.Header) {
				return ByFrontProxy, nil
			}
			return "", nil
		}
	}
	if a.options.Certificates != nil {
		return ByCertificate, nil
	}
	return "", nil
}

// knows reports whether the peer's certificate is good for a user's. Overlapping authorities are refused at the start;
// this is for authorities that are exchanged later.
func (c *Certificates) knows(r *http.Request) bool {
	authorities := c.authorities()
	if authorities == nil {
		return false
	}
	_, err := authorities.verify(r)
	return err == nil
}

// bearerTokens returns the tokens of the Authorization header and of the WebSocket subprotocol.
func bearerTokens(h http.Header) ([]string, error) {
	var tokens []string
	for _, read := range []func(http.Header) (string, error){bearer, websocketBearer} {
		token, err := read(h)
		if err != nil {
			return nil, err
		}
		if token != "" {
			tokens = append(tokens, token)
		}
	}
	return tokens, nil
}

// kinds lists the methods for an error text.
func kinds(found []credentials) string {
	var names []string
	for _, c := range found {
		names = append(names, string(c.method))
	}
	return strings.Join(names, ", ")
}
