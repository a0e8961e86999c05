// Package loadgen fills a control plane with objects that look like a real cluster's, and keeps changing them.
//
// Populate writes namespaces of uneven size and, into them, deployments, replica sets, services, config maps, pods, events
// and widgets (custom resources). A pod is about 7.5 KB of JSON as the API server returns it: two containers with probes,
// environment and volumes, an owner, a status, and the managed fields of the two managers that wrote spec and status.
// Churn then creates, changes and deletes pods at a given rate.
//
//	options := loadgen.Options{Counts: loadgen.Mix(3000), Namespaces: 40, Progress: os.Stdout}
//	_, err := loadgen.Populate(ctx, config, options)
//	stats, err := loadgen.Churn(ctx, config, options) // until ctx ends
//
// What is written depends on Options alone, so two runs with the same seed write the same (but for what the API server
// makes up: UIDs, times, versions). Owner UIDs are made up too, so it is meant for control planes without the garbage
// collector and the workload controllers, such as testenv's.
//
// Every request goes through the API, with bounded parallelism; a second Populate leaves what is there as it is.
// Callers are the demo, the tests and the benchmarks. The functions keep no state and may run beside each other.
package loadgen
