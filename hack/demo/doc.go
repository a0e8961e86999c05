// Command demo shows what k8cache does, on one machine and without a cluster at hand: it starts two real control planes,
// east and west, fills them with workloads that keep changing, makes four users with different rights, runs k8cache in
// front of both, and prints lines to try. Ctrl-C ends it and leaves nothing behind.
//
// With --once it tries each of those lines itself, says what came of it, and ends: so CI knows that they are true.
//
// The order of things is in demo.go; everything it starts is stopped there, in reverse.
package main
