// Package v1 has the types of what k8cache answers beyond the Kubernetes API,
// for its clients. docs/query.md says how to ask, openapi.json describes it for
// generators, and k8cache.d.ts has the same types for TypeScript. Tests hold
// them together.
package v1
