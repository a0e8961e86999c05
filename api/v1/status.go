package v1

// Status is the answer of /k8cache/v1/status.
type Status struct {
	Version  string          `json:"version"`
	Clusters []ClusterStatus `json:"clusters"`
}

// ClusterStatus is one cluster.
type ClusterStatus struct {
	Name string `json:"name"`
	// Reachable says whether the API server answered when last asked.
	Reachable bool `json:"reachable"`
	// Collections are those that the caller may list in full; null where the question was about another cluster.
	Collections []CollectionStatus `json:"collections"`
}

// CollectionStatus is one resource of a cluster.
type CollectionStatus struct {
	Group    string `json:"group"`
	Version  string `json:"version"`
	Resource string `json:"resource"`
	// Tables says that it holds the rows of tables.
	Tables          bool   `json:"tables,omitempty"`
	Synced          bool   `json:"synced"`
	Objects         int    `json:"objects"`
	Bytes           int64  `json:"bytes"`
	ResourceVersion string `json:"resourceVersion"`
	// AgeSeconds is how long ago the API server was last heard on it.
	AgeSeconds float64 `json:"ageSeconds"`
	// Error is why the API server cannot be heard.
	Error string `json:"error,omitempty"`
}

// NamespaceNames is the answer of /k8cache/v1/clusters/{cluster}/namespaces.
type NamespaceNames struct {
	Namespaces []string `json:"namespaces"`
}
