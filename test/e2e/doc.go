// Package e2e tests the k8cache binary end to end, as a black box, against real API servers: whatever a test expects of
// k8cache, it first asks the API server.
//
// The environment (package env) is made once and shared. Its sample objects are never changed; a test that changes
// something makes a namespace of its own. What happens soon after is polled for. Each guarantee about an answer is a
// validator (package validate). A test named TestThreatNN shows line NN of the threat model.
package e2e
