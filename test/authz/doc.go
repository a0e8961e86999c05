// Package authz tries packages rbac and authn on a real API server: whether the authorizer's modes tell when RBAC is the
// last word and when it is not, also while the API server's authorizers are reconfigured; whether scopes in random RBAC
// worlds are what the API server itself answers; and how long a token outlives its account. What callers see through
// HTTP is tried in test/e2e.
package authz
