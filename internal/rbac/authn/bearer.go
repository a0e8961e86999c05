package authn

import (
	"errors"
	"net/http"
	"strings"
)

// maxTokenBytes bounds what is hashed and sent on for a caller who has not proved anything yet.
const maxTokenBytes = 32 << 10

// bearer returns the token of the Authorization header (RFC 6750), or nothing where there is no such header. Any other
// scheme is a bad credential: the API server knows none. Two headers do not say one thing.
func bearer(h http.Header) (string, error) {
	values := h.Values("Authorization")
	switch len(values) {
	case 0:
		return "", nil
	case 1:
	default:
		return "", badRequest("the request carries more than one Authorization header")
	}
	scheme, token, _ := strings.Cut(strings.TrimSpace(values[0]), " ")
	switch {
	case !strings.EqualFold(scheme, "Bearer"):
		return "", unauthorized(errors.New("the authorization scheme is not Bearer"))
	case token == "" || strings.ContainsAny(token, " \t"):
		return "", unauthorized(errors.New("the bearer token is empty or has spaces in it"))
	case len(token) > maxTokenBytes:
		return "", unauthorized(errors.New("the bearer token is too long"))
	}
	return token, nil
}
