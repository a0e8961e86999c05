package loadgen

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// podStatus returns a status as a kubelet writes it. With the same random source a pod keeps its addresses and ids,
// whatever its health.
func podStatus(pod *corev1.Pod, health health, random *rand.Rand, now time.Time) corev1.PodStatus {
	started := metav1.NewTime(now.Add(-time.Duration(random.IntN(72*3600)) * time.Second).Truncate(time.Second))
	address := fmt.Sprintf("10.%d.%d.%d", 128+random.IntN(64), random.IntN(256), 1+random.IntN(254))
	host := "192.168.0." + strings.TrimLeft(strings.TrimPrefix(pod.Spec.NodeName, "node-"), "0") // one address per node
	status := corev1.PodStatus{
		ObservedGeneration: pod.Generation,
		Phase:              health.phase,
		HostIP:             host,
		HostIPs:            []corev1.HostIP{{IP: host}},
		PodIP:              address,
		PodIPs:             []corev1.PodIP{{IP: address}},
		StartTime:          &started,
		QOSClass:           corev1.PodQOSBurstable,
		Conditions:         podConditions(health, started),
	}
	for _, container := range pod.Spec.Containers {
		status.ContainerStatuses = append(status.ContainerStatuses, containerStatus(container, health, random, started))
	}
	return status
}

// health is what changes in a pod's status.
type health struct {
	phase corev1.PodPhase
	ready bool
	// reason is why the containers do not run; empty if they do.
	reason string
}

// pickHealth lets most pods run, and some be late, fail or be done.
func pickHealth(random *rand.Rand) health {
	switch dice := random.IntN(100); {
	case dice < 90:
		return health{phase: corev1.PodRunning, ready: true}
	case dice < 94:
		return health{phase: corev1.PodRunning, reason: "CrashLoopBackOff"}
	case dice < 97:
		return health{phase: corev1.PodPending, reason: "ImagePullBackOff"}
	case dice < 99:
		return health{phase: corev1.PodSucceeded, reason: "Completed"}
	default:
		return health{phase: corev1.PodFailed, reason: "OOMKilled"}
	}
}

func podConditions(health health, since metav1.Time) []corev1.PodCondition {
	ready := corev1.ConditionFalse
	if health.ready {
		ready = corev1.ConditionTrue
	}
	conditions := []corev1.PodCondition{
		{Type: corev1.PodInitialized, Status: corev1.ConditionTrue},
		{Type: corev1.PodReady, Status: ready},
		{Type: corev1.ContainersReady, Status: ready},
		{Type: corev1.PodScheduled, Status: corev1.ConditionTrue},
	}
	for i := range conditions {
		conditions[i].LastTransitionTime = since
		if conditions[i].Status == corev1.ConditionFalse {
			conditions[i].Reason, conditions[i].Message = "ContainersNotReady", "unready: "+health.reason
		}
	}
	return conditions
}

func containerStatus(container corev1.Container, health health, random *rand.Rand, started metav1.Time) corev1.ContainerStatus {
	running := health.reason == ""
	return corev1.ContainerStatus{
		Name:         container.Name,
		Image:        container.Image,
		ImageID:      "registry.example.com/" + container.Name + fmt.Sprintf("@sha256:%x", sha256.Sum256([]byte(container.Image))),
		ContainerID:  "containerd://" + hexadecimal(random, 64),
		Ready:        health.ready,
		Started:      &running,
		RestartCount: restarts(health, random),
		State:        containerState(health, started),
	}
}

func restarts(health health, random *rand.Rand) int32 {
	if health.reason == "CrashLoopBackOff" {
		return 5 + random.Int32N(200)
	}
	return random.Int32N(3)
}

func containerState(health health, started metav1.Time) corev1.ContainerState {
	switch {
	case health.reason == "":
		return corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: started}}
	case health.phase == corev1.PodSucceeded:
		return corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{Reason: health.reason, StartedAt: started, FinishedAt: started}}
	case health.phase == corev1.PodFailed:
		return corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{ExitCode: 137, Reason: health.reason, StartedAt: started, FinishedAt: started}}
	default:
		return corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: health.reason, Message: "back-off 5m0s"}}
	}
}
