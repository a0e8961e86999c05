package rbac

import (
	"slices"
	"strings"
)

// The names that Kubernetes itself gives a meaning to (k8s.io/apiserver, pkg/authentication/user).
const (
	groupMasters       = "system:masters"
	groupNodes         = "system:nodes"
	groupAuthenticated = "system:authenticated"
	groupAnonymous     = "system:unauthenticated"
	userAnonymous      = "system:anonymous"
	// knownExtra is the prefix of the extra keys that kube-apiserver's own authenticators set. They describe
	// the credential and restrict nothing.
	knownExtra = "authentication.kubernetes.io/"
)

// User is who is calling, as one cluster knows them. The same name on another cluster is another user.
type User struct {
	Name   string
	UID    string
	Groups []string
	Extra  map[string][]string
}

// IsMaster reports whether the user is allowed everything: the API server grants system:masters before it asks
// any configured authorizer, webhooks included.
func (u User) IsMaster() bool { return slices.Contains(u.Groups, groupMasters) }

// IsAnonymous reports whether nobody vouched for the user.
func (u User) IsAnonymous() bool {
	return u.Name == userAnonymous || slices.Contains(u.Groups, groupAnonymous)
}

// isNode reports whether the node authorizer, which RBAC knows nothing of, has a say about the user.
func (u User) isNode() bool { return slices.Contains(u.Groups, groupNodes) }

// hasUnknownExtra reports whether the user carries extra keys that may restrict what RBAC grants, as the scopes of
// OpenShift's tokens do. RBAC does not look at extra keys, so its allow is not the last word for such a user.
func (u User) hasUnknownExtra() bool {
	for key := range u.Extra {
		if !strings.HasPrefix(key, knownExtra) {
			return true
		}
	}
	return false
}

// WithAuthenticated returns the user with system:authenticated among the groups, as the API server adds it behind
// its certificate and front-proxy authenticators (k8s.io/apiserver, authentication/group). TokenReview answers with
// the group already there.
func (u User) WithAuthenticated() User {
	if u.Name == userAnonymous || slices.Contains(u.Groups, groupAuthenticated) || slices.Contains(u.Groups, groupAnonymous) {
		return u
	}
	u.Groups = append(slices.Clone(u.Groups), groupAuthenticated)
	return u
}

// Identity returns everything that tells two users apart, for what is bound to one of them.
func (u User) Identity() []string { return u.fields() }

// fields returns everything that tells two users apart, for a cache key: lengths stand before lists, so no two
// users give the same fields.
func (u User) fields() []string {
	groups := slices.Clone(u.Groups)
	slices.Sort(groups)
	groups = slices.Compact(groups)
	fields := append([]string{u.Name, u.UID, length(len(groups))}, groups...)
	keys := make([]string, 0, len(u.Extra))
	for key := range u.Extra {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		fields = append(fields, key, length(len(u.Extra[key])))
		fields = append(fields, u.Extra[key]...)
	}
	return fields
}
