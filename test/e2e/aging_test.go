package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/k8cache/k8cache/test/e2e/env"
)

// aging makes objects whose cells run with time in all ways.
func aging(t *testing.T, cluster *env.Cluster) string {
	t.Helper()
	namespace := namespace(t, cluster)
	ago := func(d time.Duration) string { return time.Now().Add(-d).UTC().Format(time.RFC3339) }
	micro := func(d time.Duration) string { return time.Now().Add(-d).UTC().Format("2006-01-02T15:04:05.000000Z") }
	pod := func(name, status string) {
		object(t, cluster, "{apiVersion: v1, kind: Pod, metadata: {name: "+name+", namespace: "+namespace+"}, spec: {automountServiceAccountToken: false, schedulerName: nobody, "+
			"initContainers: [{name: setup, image: x}, {name: proxy, image: x, restartPolicy: Always}], containers: [{name: web, image: x}]}}")
		patchStatus(t, cluster, "/api/v1/namespaces/"+namespace+"/pods/"+name, status)
	}
	ended := func(name string, restarts int, finished time.Duration, more string) string {
		return fmt.Sprintf(`{"name":%q,"image":"x","imageID":"x","restartCount":%d,"ready":false,"lastState":{"terminated":{"exitCode":1,"reason":"Error","finishedAt":%q}}%s}`,
			name, restarts, ago(finished), more)
	}
	done := `,"state":{"terminated":{"exitCode":0,"reason":"Completed"}}`
	pod("restarted", `{"status":{"phase":"Running","initContainerStatuses":[`+ended("setup", 2, time.Second, done)+`],"containerStatuses":[`+ended("web", 3, 100*time.Second, "")+`]}}`)
	pod("sidecar", `{"status":{"phase":"Running","initContainerStatuses":[`+ended("setup", 2, time.Second, done)+`,`+ended("proxy", 1, 9*time.Minute, `,"started":true`)+`],"containerStatuses":[`+ended("web", 3, 8*time.Hour, "")+`]}}`)
	pod("initializing", `{"status":{"phase":"Pending","initContainerStatuses":[`+ended("setup", 2, 50*time.Hour, `,"state":{"waiting":{"reason":"CrashLoopBackOff"}}`)+`],"containerStatuses":[`+ended("web", 3, time.Second, "")+`]}}`)
	pod("succeeded", `{"status":{"phase":"Succeeded"}}`)
	pod("failed", `{"status":{"phase":"Failed","reason":"Evicted"}}`)

	object(t, cluster, "{apiVersion: batch/v1, kind: Job, metadata: {name: runs, namespace: "+namespace+"}, spec: {template: {spec: {restartPolicy: Never, containers: [{name: web, image: x}]}}}}")
	patchStatus(t, cluster, "/apis/batch/v1/namespaces/"+namespace+"/jobs/runs", `{"status":{"startTime":"`+ago(65*time.Second)+`","active":1}}`)
	object(t, cluster, "{apiVersion: batch/v1, kind: CronJob, metadata: {name: nightly, namespace: "+namespace+"}, spec: {schedule: '0 3 * * *', jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: web, image: x}]}}}}}}")
	patchStatus(t, cluster, "/apis/batch/v1/namespaces/"+namespace+"/cronjobs/nightly", `{"status":{"lastScheduleTime":"`+ago(119*time.Minute)+`"}}`)

	event := func(name, more string) {
		object(t, cluster, "{apiVersion: v1, kind: Event, metadata: {name: "+name+", namespace: "+namespace+"}, involvedObject: {kind: Pod, name: web, namespace: "+namespace+"}, type: Normal, "+
			"reason: Sampled, message: 'took 5m', "+more+"}")
	}
	event("counted", "firstTimestamp: '"+ago(400*24*time.Hour)+"', lastTimestamp: '"+ago(time.Minute)+"', count: 3")
	event("unsaid", "count: 1")
	modern := "action: Act, reportingComponent: e2e.test/it, reportingInstance: it, "
	event("once", modern+"eventTime: '"+micro(90*time.Second)+"'")
	event("series", modern+"eventTime: '"+micro(time.Hour)+"', series: {count: 4, lastObservedTime: '"+micro(5*time.Second)+"'}")
	return namespace
}

func patchStatus(t *testing.T, cluster *env.Cluster, path, patch string) {
	t.Helper()
	answer := direct(t, cluster, ask(http.MethodPatch, cluster.Admin, path+"/status", patch, "Content-Type: application/merge-patch+json"))
	if answer.Code != http.StatusOK {
		t.Fatalf("%s: code %d: %s", path, answer.Code, answer.Body)
	}
}

// oneOfEach makes objects of kinds of which the samples have none.
func oneOfEach(t *testing.T, cluster *env.Cluster, namespace string) {
	t.Helper()
	for text := range strings.SplitSeq(rareKinds, "\n---\n") {
		object(t, cluster, strings.NewReplacer("NAMESPACE", namespace, "NAME", unique("rare")).Replace(text))
	}
}

const rareKinds = `
{apiVersion: v1, kind: LimitRange, metadata: {name: NAME, namespace: NAMESPACE}, spec: {limits: [{type: Pod, max: {cpu: "1"}}]}}
---
{apiVersion: v1, kind: ReplicationController, metadata: {name: NAME, namespace: NAMESPACE}, spec: {replicas: 0, selector: {a: b}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: x}]}}}}
---
{apiVersion: v1, kind: ResourceQuota, metadata: {name: NAME, namespace: NAMESPACE}, spec: {hard: {configmaps: "100"}}}
---
{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingWebhookConfiguration, metadata: {name: NAME}, webhooks: []}
---
{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: NAME}, webhooks: []}
---
{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, metadata: {name: NAME}, spec: {matchConstraints: {resourceRules: [{apiGroups: [none.test], apiVersions: [v1], operations: [CREATE], resources: [nothing]}]}, validations: [{expression: "true"}]}}
---
{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, metadata: {name: NAME}, spec: {policyName: none.test, validationActions: [Warn]}}
---
{apiVersion: apps/v1, kind: ControllerRevision, metadata: {name: NAME, namespace: NAMESPACE}, revision: 3, data: {a: b}}
---
{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: NAME, namespace: NAMESPACE}, spec: {selector: {matchLabels: {a: b}}, template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: x}]}}}}
---
{apiVersion: resource.k8s.io/v1, kind: DeviceClass, metadata: {name: NAME}, spec: {}}
---
{apiVersion: resource.k8s.io/v1, kind: ResourceClaim, metadata: {name: NAME, namespace: NAMESPACE}, spec: {devices: {requests: [{name: a, exactly: {deviceClassName: none.test}}]}}}
---
{apiVersion: resource.k8s.io/v1, kind: ResourceClaimTemplate, metadata: {name: NAME, namespace: NAMESPACE}, spec: {spec: {devices: {requests: [{name: a, exactly: {deviceClassName: none.test}}]}}}}
---
{apiVersion: resource.k8s.io/v1, kind: ResourceSlice, metadata: {name: NAME}, spec: {driver: none.test, pool: {name: a, generation: 1, resourceSliceCount: 1}, allNodes: true, devices: [{name: a}]}}
---
{apiVersion: resource.k8s.io/v1, kind: DeviceTaintRule, metadata: {name: NAME}, spec: {deviceSelector: {driver: none.test}, taint: {key: a.test/b, effect: None}}}
---
{apiVersion: storage.k8s.io/v1, kind: CSIDriver, metadata: {name: NAME}, spec: {attachRequired: false}}
---
{apiVersion: storage.k8s.io/v1, kind: CSINode, metadata: {name: NAME}, spec: {drivers: []}}
---
{apiVersion: storage.k8s.io/v1, kind: CSIStorageCapacity, metadata: {name: NAME, namespace: NAMESPACE}, storageClassName: none}
---
{apiVersion: storage.k8s.io/v1, kind: VolumeAttachment, metadata: {name: NAME}, spec: {attacher: none.test, nodeName: none, source: {persistentVolumeName: none}}}
---
{apiVersion: storage.k8s.io/v1, kind: VolumeAttributesClass, metadata: {name: NAME}, driverName: none.test, parameters: {a: b}}
---
{apiVersion: storagemigration.k8s.io/v1, kind: StorageVersionMigration, metadata: {name: NAME}, spec: {resource: {group: none.test, resource: nothing}}}
---
{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingAdmissionPolicy, metadata: {name: NAME}, spec: {reinvocationPolicy: Never, failurePolicy: Ignore, matchConstraints: {resourceRules: [{apiGroups: [none.test], apiVersions: [v1], operations: [CREATE], resources: [nothing]}]}, mutations: [{patchType: JSONPatch, jsonPatch: {expression: "[JSONPatch{op: \"add\", path: \"/a\", value: \"b\"}]"}}]}}
---
{apiVersion: admissionregistration.k8s.io/v1, kind: MutatingAdmissionPolicyBinding, metadata: {name: NAME}, spec: {policyName: none.test}}`
