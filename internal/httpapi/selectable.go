package httpapi

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// selectable says whether an API server takes a field in field selectors of a resource, as far as is known here (the
// AddFieldLabelConversionFunc of pkg/apis in k8s.io/kubernetes). Whose fields are not known may take any.
func selectable(gr schema.GroupResource, field string) bool {
	if field == "metadata.name" || field == "metadata.namespace" {
		return true
	}
	known := map[string]string{
		"pods": "spec.nodeName spec.restartPolicy spec.schedulerName spec.serviceAccountName spec.hostNetwork spec.host " +
			"status.phase status.podIP status.podIPs status.nominatedNodeName",
		"nodes": "spec.unschedulable", "namespaces": "status.phase", "secrets": "type",
		"services": "spec.clusterIP spec.type",
		"events": "involvedObject.kind involvedObject.namespace involvedObject.name involvedObject.uid involvedObject.apiVersion " +
			"involvedObject.resourceVersion involvedObject.fieldPath reason reportingComponent source type",
		"events.events.k8s.io": "regarding.kind regarding.namespace regarding.name regarding.uid regarding.apiVersion " +
			"regarding.resourceVersion regarding.fieldPath reason reportingController type",
		"replicationcontrollers": "status.replicas", "replicasets.apps": "status.replicas", "jobs.batch": "status.successful",
		"certificatesigningrequests.certificates.k8s.io": "spec.signerName",
	}[gr.String()]
	if known == "" && !builtIn(gr.Group) {
		return true
	}
	return slices.Contains(strings.Fields(known), field)
}

// builtIn says whether a group is one of Kubernetes' own.
func builtIn(group string) bool {
	return slices.Contains([]string{"", "apps", "autoscaling", "batch", "policy"}, group)
}
