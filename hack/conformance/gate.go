package main

import "strings"

// gate is a choice among Kubernetes' tests.
type gate struct {
	name, about string
	focus, skip string // regular expressions on the tests' full names
}

func gates() []gate {
	return []gate{
		{
			name: "read", about: "what an API server without kubelets passes by itself: watch, chunking, tables, discovery",
			focus: `\[sig-api-machinery\] (` + strings.Join([]string{
				"Servers with support for API chunking", "Watchers", "API Streaming", "Servers with support for Table transformation", "Discovery", "AggregatedDiscovery",
				"server version", "health handlers", "client-go should negotiate", "Server request timeout", "OpenAPIV3", "CustomResourceDefinition Watch",
				"CustomResourceDefinition resources",
			}, "|") + `)|Kubectl (api-versions|cluster-info should|get componentstatuses)|should create v1 cronJobs`,
			skip: `Aggregated APIServer|Flaky|Disruptive|\[Slow\]|deletionGracePeriodSeconds`,
		},
		{
			name: "write", about: "the life of objects of every kind, most of it writes, which pass through; what needs a kubelet, or a controller of workloads or volumes, is left out",
			focus: `API operations|lifecycle of|\[sig-instrumentation\] Events|PodTemplates|Lease|FieldValidation|CustomResourcePublishOpenAPI|` +
				`ConfigMap should|Secrets should (patch|fail)|Namespaces .* should (patch|apply)|ResourceQuota .* (lifecycle|manage)|server-side dry-run|ServerSideApply`,
			skip: `Aggregated APIServer|Flaky|Disruptive|\[Slow\]|Feature:|consumable|deletionGracePeriodSeconds|kubelet|[Ww]ebhook|` +
				`\[sig-node\] (Pods|NodeLease)|\[sig-apps\] (Deployment|ReplicationController|ReplicaSet|StatefulSet|Job|DaemonSet|ControllerRevision)|` +
				`\[sig-storage\] (PersistentVolumes|VolumeAttributesClass)`,
		},
	}
}
