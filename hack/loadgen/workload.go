package loadgen

import (
	"strconv"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const revisionAnnotation = "deployment.kubernetes.io/revision"

// deployment returns the deployment of the app of that number, without status.
func (p *plan) deployment(number int) *appsv1.Deployment {
	app := p.appOf(number)
	replicas := p.replicasOf(app)
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{
			Name: app.name, Namespace: app.namespace, Labels: appLabels(app),
			Annotations: map[string]string{revisionAnnotation: "2"},
		},
		Spec: appsv1.DeploymentSpec{
			Replicas: &replicas,
			Selector: &metav1.LabelSelector{MatchLabels: selectorOf(app)},
			Template: p.podTemplate(app, appLabels(app)),
		},
	}
}

func (p *plan) deploymentStatus(deployment *appsv1.Deployment, now time.Time) appsv1.DeploymentStatus {
	replicas, since := *deployment.Spec.Replicas, metav1.NewTime(now.Truncate(time.Second))
	return appsv1.DeploymentStatus{
		ObservedGeneration: deployment.Generation,
		Replicas:           replicas, UpdatedReplicas: replicas, ReadyReplicas: replicas, AvailableReplicas: replicas,
		Conditions: []appsv1.DeploymentCondition{
			{
				Type: appsv1.DeploymentAvailable, Status: corev1.ConditionTrue, LastUpdateTime: since, LastTransitionTime: since,
				Reason: "MinimumReplicasAvailable", Message: "Deployment has minimum availability.",
			},
			{
				Type: appsv1.DeploymentProgressing, Status: corev1.ConditionTrue, LastUpdateTime: since, LastTransitionTime: since,
				Reason: "NewReplicaSetAvailable", Message: "ReplicaSet has successfully progressed.",
			},
		},
	}
}

// replicaSet returns a replica set of an app: the present one first, then those of earlier revisions, which have no pods.
func (p *plan) replicaSet(number int) *appsv1.ReplicaSet {
	app, revision := p.appOf(number), number/len(p.apps)
	replicas, controller := int32(0), true
	if revision == 0 {
		replicas = p.replicasOf(app)
	}
	labels := p.podLabels(app, revision)
	selector := selectorOf(app)
	selector["pod-template-hash"] = labels["pod-template-hash"]
	return &appsv1.ReplicaSet{
		ObjectMeta: metav1.ObjectMeta{
			Name: p.replicaSetName(app, revision), Namespace: app.namespace, Labels: labels,
			Annotations: map[string]string{revisionAnnotation: strconv.Itoa(2 - revision)},
			OwnerReferences: []metav1.OwnerReference{{
				APIVersion: "apps/v1", Kind: "Deployment", Name: app.name, UID: uid(p.random("deployment", app.number)),
				Controller: &controller, BlockOwnerDeletion: &controller,
			}},
		},
		Spec: appsv1.ReplicaSetSpec{
			Replicas: &replicas,
			Selector: &metav1.LabelSelector{MatchLabels: selector},
			Template: p.podTemplate(app, labels),
		},
	}
}

func replicaSetStatus(set *appsv1.ReplicaSet) appsv1.ReplicaSetStatus {
	replicas := *set.Spec.Replicas
	return appsv1.ReplicaSetStatus{
		ObservedGeneration: set.Generation,
		Replicas:           replicas, FullyLabeledReplicas: replicas, ReadyReplicas: replicas, AvailableReplicas: replicas,
	}
}

// replicasOf returns how many of the pods are an app's.
func (p *plan) replicasOf(app app) int32 {
	pods, apps := p.options.Pods, len(p.apps)
	replicas := pods / apps
	if app.number < pods%apps {
		replicas++
	}
	return int32(replicas) //nolint:gosec // far below 2^31
}

func selectorOf(app app) map[string]string {
	return map[string]string{"app.kubernetes.io/name": app.name, "app.kubernetes.io/part-of": app.team}
}

func (p *plan) templateHash(app app, revision int) string {
	return hash(p.random("revision"+strconv.Itoa(revision), app.number), 10)
}

func (p *plan) replicaSetName(app app, revision int) string {
	return app.name + "-" + p.templateHash(app, revision)
}

func (p *plan) replicaSetOwner(app app) metav1.OwnerReference {
	controller := true
	return metav1.OwnerReference{
		APIVersion: "apps/v1", Kind: "ReplicaSet", Name: p.replicaSetName(app, 0), UID: uid(p.random("replicaset", app.number)),
		Controller: &controller, BlockOwnerDeletion: &controller,
	}
}
