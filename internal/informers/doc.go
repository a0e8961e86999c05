// Package informers is the event side of k8cache: it keeps collections in step with API servers.
//
// A [Cluster] knows one API server: which resources it serves (discovery, asked anew when a definition or an API service
// changes) and one mirror for each resource that somebody asked for. A mirror is a client-go Reflector whose store is a
// [store.Collection]: bytes from the wire go into the collection without ever becoming maps or structs. A mirror of tables
// holds the rows beside the objects. From time to time each is compared with the API server, and read anew where it differs.
//
// The package is started by cmd/k8cache and read by the request side through small interfaces declared there. It
// knows neither callers nor their rights: it caches everything that the service's own account may watch, and
// package rbac filters on read.
//
// Locking: a Cluster's map of mirrors has one mutex that is held only to look up, add or remove a mirror, never
// across I/O. Everything else is either written by one goroutine (a mirror's collection) or swapped atomically
// (discovery).
package informers
