// Command conformance runs Kubernetes' own end-to-end tests (e2e.test, built by suite/build.sh) against an API server, and
// through k8cache in front of it, which caches every kind. What passes directly must pass through k8cache.
//
//	options ─► run ─► world (control plane, a node, an admin with a token, k8cache)
//	                    └─ for each gate, each way: ginkgo ─► report (markdown)
//
// A gate is a choice among the tests: those of reads, which an API server passes by itself, and those of writes, of which
// some need a kubelet and fail either way. The exit code says whether k8cache made a difference.
package main
