package authn

import (
	"encoding/base64"
	"errors"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// tokenProtocol is the prefix of the WebSocket subprotocol that carries a bearer token: browsers cannot set headers
// (k8s.io/apiserver, authentication/request/websocket).
const tokenProtocol = "base64url.bearer.authorization.k8s.io." //nolint:gosec // names a header, is no credential

// Subprotocols returns the subprotocols that a WebSocket request offers, without the one that carries a token: that one
// must neither be chosen nor appear in any answer or log line.
func Subprotocols(h http.Header) []string {
	return slices.DeleteFunc(protocols(h), func(p string) bool { return strings.HasPrefix(p, tokenProtocol) })
}

// protocols returns all subprotocols. Several headers count as one with all values (RFC 6455, 11.3.4).
func protocols(h http.Header) []string {
	var all []string
	for _, header := range h.Values("Sec-Websocket-Protocol") {
		for protocol := range strings.SplitSeq(header, ",") {
			all = append(all, strings.TrimSpace(protocol))
		}
	}
	return all
}

// websocketBearer returns the token of a WebSocket request's subprotocol, or nothing where there is none. The header
// means something on an upgrade only. Another subprotocol must stand beside it, for the server to choose.
func websocketBearer(h http.Header) (string, error) {
	if !isWebSocket(h) {
		return "", nil
	}
	all := protocols(h)
	offered := slices.DeleteFunc(slices.Clone(all), func(p string) bool { return !strings.HasPrefix(p, tokenProtocol) })
	switch {
	case len(offered) == 0:
		return "", nil
	case len(offered) > 1:
		return "", unauthorized(errors.New("more than one subprotocol carries a token"))
	case len(all) == 1:
		return "", unauthorized(errors.New("no other subprotocol stands beside the one with the token"))
	}
	token, err := base64.RawURLEncoding.DecodeString(strings.TrimPrefix(offered[0], tokenProtocol))
	if err != nil || !utf8.Valid(token) || len(token) == 0 || len(token) > maxTokenBytes {
		return "", unauthorized(errors.New("the subprotocol carries no readable token"))
	}
	return string(token), nil
}

// isWebSocket reports whether the request is an upgrade to WebSocket.
func isWebSocket(h http.Header) bool {
	if !strings.EqualFold(h.Get("Upgrade"), "websocket") {
		return false
	}
	for _, header := range h.Values("Connection") {
		for option := range strings.SplitSeq(header, ",") {
			if strings.EqualFold(strings.TrimSpace(option), "upgrade") {
				return true
			}
		}
	}
	return false
}
