// Package v1 has the types of what k8cache answers beyond the Kubernetes API,
// for its clients: docs/query.md and docs/openapi.json describe how to ask.
// They are also in docs/k8cache.ts.
package v1
