// Package rbac answers one question: what may this user see?
//
// An Authorizer belongs to one cluster. Given a user and what they ask for it returns a Scope: the whole target of the
// request, the namespaces and names of it that the user may see, or nothing. Handlers select with the scope before they
// look at any object, and ask once more whether it is still current before the first byte leaves.
//
// The package promises that a scope never shows more than the API server would show the same user who asks namespace
// by namespace and name by name, and that it says no where it cannot know: an error is never an allow.
//
// RBAC objects are decoded once, when they change, and indexed by subject; what one user may do with one resource is
// compiled when first asked for and remembered until RBAC changes (the epoch). The package is passive: it starts no
// goroutine, and reads the cluster's RBAC objects as store snapshots that somebody else keeps up to date. All its types
// are safe for concurrent use; what is shared between requests is immutable.
//
// Its callers are httpapi, which answers with scopes, and authn, which makes the users.
package rbac
