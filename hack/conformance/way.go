package main

// Kubeconfigs, by where they lead.
const (
	direct  = "direct"
	through = "k8cache"
)

// way is one way to run the tests.
type way struct {
	name, file  string
	kubeconfig  string
	contentType string // what the tests' own clients ask for; kubectl and some of the clients ask for JSON either way
}

// ways are all that are compared. The first is what the others are compared with.
func ways() []way {
	return []way{
		{"API server", "direct", direct, "application/vnd.kubernetes.protobuf"},
		{"k8cache, asked for JSON", "k8cache-json", through, "application/json"},
		{"k8cache, asked for protobuf, which it passes on", "k8cache-protobuf", through, "application/vnd.kubernetes.protobuf"},
	}
}
