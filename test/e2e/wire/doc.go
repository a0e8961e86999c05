// Package wire makes the read requests by which k8cache is compared with an API server, and takes out of two answers what
// may differ between them.
//
// Requests are made by combining, so that nobody has to think of each: versions with matches and limits, selectors with
// the fields that a kind has, forms with headers. They are the same in each run; those drawn at random depend on a seed
// alone. In paths and queries VERSION stands for a version that both servers have, which only the asker knows.
//
// The package asks nobody. Its caller is the end-to-end suite.
package wire
