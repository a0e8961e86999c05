package authn

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/k8cache/k8cache/internal/rbac"
)

// FrontProxyOptions configure a FrontProxy. The headers' defaults are those of kube-apiserver's flags in most clusters.
type FrontProxyOptions struct {
	// Authorities that the proxy's own certificate must verify against; asked for on each request, nil accepts
	// nobody. Required. They must not overlap with those of client certificates.
	Authorities func() *Authorities
	// AllowedNames are the common names that the proxy's certificate may have. Required: an authority of which
	// every certificate may name any user is too much trust to be a default.
	AllowedNames []string
	// UserHeaders, UIDHeaders, GroupHeaders and ExtraPrefixes name the headers; by default X-Remote-User,
	// X-Remote-Uid, X-Remote-Group and X-Remote-Extra-.
	UserHeaders, UIDHeaders, GroupHeaders, ExtraPrefixes []string
	// AllowMasters lets the proxy name members of system:masters, who are beyond all authorization.
	AllowMasters bool
}

// FrontProxy believes a proxy in front that has authenticated the user itself and says so in headers
// (k8s.io/apiserver, authentication/request/headerrequest).
type FrontProxy struct {
	options FrontProxyOptions
}

// NewFrontProxy returns the judge of one cluster's front proxies.
func NewFrontProxy(o FrontProxyOptions) (*FrontProxy, error) {
	if o.Authorities == nil || o.Authorities() == nil {
		return nil, errors.New("a front proxy needs certificate authorities of its own")
	}
	if len(o.AllowedNames) == 0 || slices.Contains(o.AllowedNames, "") {
		return nil, errors.New("a front proxy needs the names that its certificate may have")
	}
	defaults := func(names *[]string, name string) {
		if len(*names) == 0 {
			*names = []string{name}
		}
	}
	defaults(&o.UserHeaders, "X-Remote-User")
	defaults(&o.UIDHeaders, "X-Remote-Uid")
	defaults(&o.GroupHeaders, "X-Remote-Group")
	defaults(&o.ExtraPrefixes, "X-Remote-Extra-")
	if slices.Contains(slices.Concat(o.UserHeaders, o.UIDHeaders, o.GroupHeaders, o.ExtraPrefixes), "") {
		return nil, errors.New("a front proxy's header has no name")
	}
	return &FrontProxy{options: o}, nil
}

// verify returns whether the peer is a front proxy, by its own certificate.
func (p *FrontProxy) verify(r *http.Request) (*x509.Certificate, bool) {
	authorities := p.options.Authorities()
	if authorities == nil {
		return nil, false
	}
	cert, err := authorities.verify(r)
	if err != nil || !slices.Contains(p.options.AllowedNames, cert.Subject.CommonName) {
		return nil, false
	}
	return cert, true
}

// names reports whether the headers name a user. They mean nothing unless the peer is a front proxy.
func (p *FrontProxy) names(h http.Header) bool {
	return slices.ContainsFunc(p.options.UserHeaders, func(name string) bool { return h.Get(name) != "" })
}

// user returns the user that the headers name. What is said twice, but for groups and extra keys, is not said.
func (p *FrontProxy) user(h http.Header) (rbac.User, error) {
	name, err := only(h, p.options.UserHeaders)
	if err != nil {
		return rbac.User{}, err
	}
	uid, err := only(h, p.options.UIDHeaders)
	if err != nil {
		return rbac.User{}, err
	}
	u := rbac.User{Name: name, UID: uid, Extra: p.extra(h)}
	for _, header := range p.options.GroupHeaders {
		for _, group := range h.Values(header) {
			if group != "" {
				u.Groups = append(u.Groups, group)
			}
		}
	}
	if u.IsMaster() && !p.options.AllowMasters {
		return rbac.User{}, unauthorized(errors.New("the front proxy names a member of system:masters, which is not allowed"))
	}
	return u.WithAuthenticated(), nil
}

// only returns the value of the first of the headers that has one.
func only(h http.Header, headers []string) (string, error) {
	for _, header := range headers {
		switch values := h.Values(header); {
		case len(values) > 1:
			return "", badRequest(fmt.Sprintf("the request carries more than one %s header", header))
		case len(values) == 1 && values[0] != "":
			return values[0], nil
		}
	}
	return "", nil
}

// extra returns the extra keys: what stands behind the prefix, in lower case and unescaped. Several values of one key
// that come under two prefixes stand in the prefixes' order.
func (p *FrontProxy) extra(h http.Header) map[string][]string {
	var extra map[string][]string
	for _, prefix := range p.options.ExtraPrefixes {
		for header, values := range h {
			if len(header) < len(prefix) || !strings.EqualFold(header[:len(prefix)], prefix) {
				continue
			}
			key := strings.ToLower(header[len(prefix):])
			if unescaped, err := url.PathUnescape(key); err == nil {
				key = unescaped
			}
			if extra == nil {
				extra = map[string][]string{}
			}
			extra[key] = append(extra[key], values...)
		}
	}
	return extra
}

// strip removes every header that could name a user, whoever sent it.
func (p *FrontProxy) strip(h http.Header) {
	for header := range h {
		folded := fold(header)
		named := func(name string) bool { return folded == fold(name) }
		if slices.ContainsFunc(slices.Concat(p.options.UserHeaders, p.options.UIDHeaders, p.options.GroupHeaders), named) ||
			slices.ContainsFunc(p.options.ExtraPrefixes, func(prefix string) bool { return strings.HasPrefix(folded, fold(prefix)) }) {
			delete(h, header)
		}
	}
}
