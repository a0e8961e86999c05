// Package sample writes objects for tests and benchmarks as an API server
// writes them: pods of about 7.6 kB with two containers, probes, environment,
// volumes, an owner, a status and the managedFields of two managers, and small
// config maps. The same number always gives the same object.
//
// Only tests import it.
package sample
