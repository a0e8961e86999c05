// Package rbacfuzz compares k8cache's evaluation of RBAC with Kubernetes' own authorizer, over worlds made up at random.
// It is a module apart, because k8s.io/kubernetes is no library and must not enter the product's go.mod.
//
//	go test ./... -args -cases=1000000 -for=10m -seed=1
package rbacfuzz
