// Package validate says what k8cache guarantees about its answers: one file, one named error and one function for each
// guarantee. A function returns nil, or an error that wraps the guarantee's own and shows where it was broken.
//
// The functions know bytes and headers, and neither clusters nor requests. Callers are the end-to-end tests; those that
// hold for every answer are run on each one that a test gets.
package validate
