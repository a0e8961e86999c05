// Package httpapi is the request side of k8cache: it turns an HTTP request into one canonical target, answers it from
// memory where that is exact and allowed, and otherwise passes it on to the API server with the caller's own
// credentials.
//
// A request's way: routes.go → middleware.go → request.go (one parse, which authorization, lookup and upstream URL
// share) → the cluster's authenticator → its authorizer's scope → the collection's snapshot, cut to the scope →
// serialize. RBAC stands before everything that reads objects, so no later step can show more than the scope holds.
//
// The package sees clusters through small interfaces of its own (clusters.go) and keeps no state but its metrics.
// Handlers return errors; errors.go alone turns them into Status answers.
package httpapi
