// Package rbactest makes up RBAC worlds at random, for tests that compare the evaluator with another judge: a plain
// transcription of the rules in package rbac's own tests, Kubernetes' authorizer in hack/rbacfuzz, and a real API
// server end to end. Names come from small alphabets, so that bindings, roles and questions meet often.
//
// Only tests import it. A World may be used by one goroutine at a time.
package rbactest
