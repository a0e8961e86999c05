package loadgen

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// event returns something that happened to the pod of that number (or, beyond the last, to the first ones again).
func (p *plan) event(number int, now time.Time) *corev1.Event {
	pod, random := p.pod(number%max(1, p.options.Pods)), p.random("event", number)
	what := happenings()[random.IntN(len(happenings()))]
	at := metav1.NewTime(now.Add(-time.Duration(random.IntN(3600)) * time.Second).Truncate(time.Second))
	return &corev1.Event{
		ObjectMeta: metav1.ObjectMeta{Name: pod.Name + "." + hexadecimal(random, 16), Namespace: pod.Namespace},
		InvolvedObject: corev1.ObjectReference{
			APIVersion: "v1", Kind: "Pod", Namespace: pod.Namespace, Name: pod.Name, UID: uid(random),
			FieldPath: "spec.containers{" + pod.Spec.Containers[0].Name + "}",
		},
		Type: what.kind, Reason: what.reason, Message: what.message,
		Source:              corev1.EventSource{Component: "kubelet", Host: pod.Spec.NodeName},
		ReportingInstance:   pod.Spec.NodeName,
		ReportingController: "kubelet",
		FirstTimestamp:      at, LastTimestamp: at, Count: 1 + random.Int32N(20),
	}
}

type happening struct{ kind, reason, message string }

func happenings() []happening {
	return []happening{
		{corev1.EventTypeNormal, "Scheduled", "Successfully assigned the pod to its node"},
		{corev1.EventTypeNormal, "Pulled", "Container image already present on machine"},
		{corev1.EventTypeNormal, "Created", "Container created"},
		{corev1.EventTypeNormal, "Started", "Container started"},
		{corev1.EventTypeWarning, "BackOff", "Back-off restarting failed container"},
		{corev1.EventTypeWarning, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503"},
	}
}
