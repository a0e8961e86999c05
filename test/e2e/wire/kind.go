package wire

import "strings"

// Kind is a resource that both servers are asked for.
type Kind struct {
	// Path is its collection in all namespaces: /apis/apps/v1/deployments.
	Path string
	// Namespaced says that objects live in namespaces.
	Namespaced bool
	// Object is the name of one that is there.
	Object string
	// Fields are those that an API server selects the kind by, each with a value: status.phase=Pending.
	Fields []string
}

// In is the path of the collection in one namespace, or of the whole where objects live in none.
func (k Kind) In(namespace string) string {
	if !k.Namespaced || namespace == "" {
		return k.Path
	}
	at := strings.LastIndex(k.Path, "/")
	return k.Path[:at] + "/namespaces/" + namespace + k.Path[at:]
}

// One is the path of the object that is there.
func (k Kind) One(namespace string) string { return k.In(namespace) + "/" + k.Object }

// Kinds are the samples' (package env) kinds with what an API server knows of them. The prefix is that of the samples.
func Kinds(prefix string) []Kind {
	involved := func(field string) []string {
		return []string{
			field + ".kind=Deployment", field + ".namespace=" + prefix + "-a", field + ".name=web", field + ".uid=x",
			field + ".apiVersion=apps/v1", field + ".resourceVersion=1", field + ".fieldPath=spec",
		}
	}
	return []Kind{
		{Path: "/api/v1/pods", Namespaced: true, Object: "web-000", Fields: []string{
			"spec.nodeName=node-1", "spec.restartPolicy=Always", "spec.schedulerName=nobody", "spec.serviceAccountName=default",
			"spec.hostNetwork=false", "status.phase=Pending", "status.podIP=10.0.0.1", "status.podIPs=10.0.0.1",
			"status.nominatedNodeName=node-1", "spec.host=node-1",
		}},
		{Path: "/api/v1/configmaps", Namespaced: true, Object: "settings"},
		{Path: "/api/v1/secrets", Namespaced: true, Object: "credentials", Fields: []string{"type=Opaque"}},
		{Path: "/api/v1/services", Namespaced: true, Object: "web", Fields: []string{"spec.type=ClusterIP", "spec.clusterIP=None"}},
		{Path: "/api/v1/endpoints", Namespaced: true, Object: "manual"},
		{Path: "/api/v1/replicationcontrollers", Namespaced: true, Object: "absent", Fields: []string{"status.replicas=0"}},
		{Path: "/api/v1/events", Namespaced: true, Object: "web.1", Fields: append(involved("involvedObject"),
			"reason=Sampled", "reportingComponent=e2e-reporter", "source=e2e", "source=e2e-reporter", "type=Normal")},
		{Path: "/apis/events.k8s.io/v1/events", Namespaced: true, Object: "web.1", Fields: append(involved("regarding"),
			"reason=Sampled", "type=Normal", "reportingController=e2e-reporter")},
		{Path: "/api/v1/nodes", Object: "node-1", Fields: []string{"spec.unschedulable=true"}},
		{Path: "/api/v1/namespaces", Object: prefix + "-a", Fields: []string{"status.phase=Active"}},
		{Path: "/apis/apps/v1/deployments", Namespaced: true, Object: "web"},
		{Path: "/apis/batch/v1/jobs", Namespaced: true, Object: "once", Fields: []string{"status.successful=0"}},
		{Path: "/apis/autoscaling/v1/horizontalpodautoscalers", Namespaced: true, Object: "web"},
		{Path: "/apis/certificates.k8s.io/v1/certificatesigningrequests", Object: "absent", Fields: []string{"spec.signerName=example.test/x"}},
		{Path: "/apis/resource.k8s.io/v1/resourceslices", Object: "absent", Fields: []string{"spec.nodeName=node-1", "spec.driver=x", "spec.pool.name=x"}},
		{Path: "/apis/rbac.authorization.k8s.io/v1/clusterroles", Object: "system:basic-user"},
		{Path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", Object: "widgets.e2e.k8cache.dev"},
		{Path: "/apis/e2e.k8cache.dev/v1/widgets", Namespaced: true, Object: "widget", Fields: []string{"spec.color=red"}},
		{Path: "/apis/e2e.k8cache.dev/v1/gadgets", Object: prefix + "-gadget"},
		{Path: "/apis/e2e.k8cache.dev/v1beta1/gadgets", Object: prefix + "-gadget"},
	}
}
