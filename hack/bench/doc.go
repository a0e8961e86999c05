// Command bench measures k8cache beside what it stands in front of (kube-apiserver), beside nginx serving the very same
// bytes from a file, and beside the informers of client-go. It starts all of them itself, on 127.0.0.1.
//
//	options ─► run ─► world (control plane, pods) ─┬─ sync     k8cache, informers and a bare reader, from nothing
//	                    one for each number of pods  ├─ lists    k8cache, kube-apiserver, nginx
//	                                                 ├─ changes  the same just after some pods changed
//	                                                 ├─ scope    a caller of some namespaces
//	                                                 ├─ queries  search, order, pages, counts
//	                                                 ├─ visible  from a write's answer to its being seen
//	                                                 ├─ watchers many of one collection
//	                                                 └─ rest     memory after all has been read
//	                    ─► report ─► table (markdown), with the project's aims beside what was measured
//
// Both sides of each comparison are measured in turns, in one run, on one machine: absolute times belong to that machine,
// ratios less so. CPU time is what the kernel counts for the server's processes. The client that loads them, the informers
// and the writer in the background are processes of their own: this same binary, told by its first argument (child.go).
//
// Goroutines belong to the function that starts them, and there is nothing to lock but the arrivals of a watch.
package main
