// Package env gives the end-to-end tests what they run against: a cluster called east, another called west, and a k8cache in
// front of both, all of it known by its wire alone.
//
// Start makes two control planes of its own, or takes contexts of $KUBECONFIG: the current one is east, and the one
// that $K8CACHE_WEST names, if any, is west. In front of them it starts $K8CACHE_BINARY, or takes the k8cache that runs at
// $K8CACHE_URL, with the certificate in $K8CACHE_CA_FILE. Whatever is somebody else's is left as it was found: every
// object is made through Cluster, which remembers it, and Stop deletes it.
//
// A Cluster makes users (service accounts), rights and objects. A Server puts raw HTTP requests, so that tests compare
// bytes, not what a client makes of them. A Tap stands between a k8cache and an API server, sees what passes and can
// change it.
//
// Callers are the tests of this module. Everything here may be used by several goroutines, but Start and Stop.
package env
