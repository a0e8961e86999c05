package authn

import (
	"net/http"
	"strings"
)

// Strip removes from a request that goes on to the cluster the headers by which a front proxy names a user: X-Remote-*
// and those configured, in any case, and with "_" for "-", which some servers take for the same (CVE-2025-64484). They
// mean something on their way here only. Credentials stay.
func (a *Authenticator) Strip(h http.Header) {
	for header := range h {
		if strings.HasPrefix(fold(header), "x-remote-") {
			delete(h, header)
		}
	}
	if a.options.FrontProxy != nil {
		a.options.FrontProxy.strip(h)
	}
}

// fold makes header names equal that some server may take for the same.
func fold(header string) string { return strings.ReplaceAll(strings.ToLower(header), "_", "-") }
