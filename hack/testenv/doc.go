// Package testenv starts what k8cache is tried against and k8cache itself: real control planes (etcd, kube-apiserver and,
// where asked for, kube-controller-manager) and the k8cache binary, each as a child process on a free port of 127.0.0.1.
//
// Start returns a ControlPlane that is ready to be used: RBAC is in force, the bootstrap roles are written and, with a
// controller manager, the aggregated roles are filled. Several can run beside each other. Stop returns when every process
// has ended and every file is gone. The contexts given to Start and its like bound the starting, not the life: what was
// started lives until Stop.
//
// Users come in three kinds, all of them Identities: TokenUser (static bearer tokens, named in Options), ServiceAccount
// (through TokenRequest; MintToken for one whose token ends in seconds) and CertUser (client certificates).
// WriteKubeconfig turns any of their configs into a file.
//
// For fault tests the API server can be stopped and started on the same port and data, and any component can be sent a
// signal (SIGKILL, SIGSTOP, SIGCONT).
//
// The binaries come from $KUBEBUILDER_ASSETS or from bin/controlplane above the working directory; `make controlplane`
// puts them there.
//
// Callers are the tests, the demo and the benchmarks. A ControlPlane may be used from several goroutines, but Stop,
// StopAPIServer and StartAPIServer only one at a time.
package testenv
