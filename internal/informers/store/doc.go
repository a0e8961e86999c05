// Package store keeps the objects of one resource of one cluster.
package store
