package loadgen

import (
	"fmt"
	"strconv"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// pod returns the pod of that number as a replica-set controller would create it and a scheduler place it.
func (p *plan) pod(number int) *corev1.Pod {
	app, random := p.podApp(number), p.random("pod", number)
	template := p.podTemplate(app, p.podLabels(app, 0))
	template.Spec.NodeName = nodeName(1 + random.IntN(nodes))
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Name:            p.replicaSetName(app, 0) + "-" + hash(random, 5),
			Namespace:       app.namespace,
			Labels:          template.Labels,
			Annotations:     template.Annotations,
			OwnerReferences: []metav1.OwnerReference{p.replicaSetOwner(app)},
		},
		Spec: template.Spec,
	}
}

// podLabels are the labels of the pods of an app's present (revision 0) or earlier replica set.
func (p *plan) podLabels(app app, revision int) map[string]string {
	labels := appLabels(app)
	labels["pod-template-hash"] = p.templateHash(app, revision)
	return labels
}

// appLabels are on everything that belongs to an app.
func appLabels(app app) map[string]string {
	return map[string]string{
		"app.kubernetes.io/name":    app.name,
		"app.kubernetes.io/part-of": app.team,
		"team":                      app.team,
		"tier":                      tiers()[app.number%len(tiers())],
	}
}

// nodes is how many nodes the pods are spread over. There are no Node objects: nothing here needs them.
const nodes = 100

func nodeName(number int) string { return fmt.Sprintf("node-%03d", number) }

// podTemplate is the same for all pods of an app, as in a real cluster: so they compress as well as real ones.
func (p *plan) podTemplate(app app, labels map[string]string) corev1.PodTemplateSpec {
	checksum := map[string]string{"checksum/config": hexadecimal(p.random("template", app.number), 16)}
	return corev1.PodTemplateSpec{ObjectMeta: metav1.ObjectMeta{Labels: labels, Annotations: checksum}, Spec: podSpec(app)}
}

func podSpec(app app) corev1.PodSpec {
	grace := int64(30)
	config := &corev1.ConfigMapVolumeSource{LocalObjectReference: corev1.LocalObjectReference{Name: configMapName(app, 0)}}
	return corev1.PodSpec{
		ServiceAccountName:            "default",
		TerminationGracePeriodSeconds: &grace,
		SecurityContext:               podSecurity(),
		Containers:                    []corev1.Container{appContainer(app), proxyContainer()},
		Volumes: []corev1.Volume{
			{Name: "config", VolumeSource: corev1.VolumeSource{ConfigMap: config}},
		},
	}
}

func podSecurity() *corev1.PodSecurityContext {
	user, yes := int64(10001), true
	return &corev1.PodSecurityContext{RunAsUser: &user, RunAsNonRoot: &yes}
}

func appContainer(app app) corev1.Container {
	return corev1.Container{
		Name:           app.name,
		Image:          fmt.Sprintf("registry.example.com/%s/%s:v1.%d.0", app.team, app.name, app.number%20),
		Ports:          []corev1.ContainerPort{{Name: "http", ContainerPort: 8080}},
		Env:            appEnvironment(app),
		Resources:      resources(strconv.Itoa(100+50*(app.number%5))+"m", "256Mi", "1Gi"),
		LivenessProbe:  probe("/healthz", 8080, 10),
		ReadinessProbe: probe("/readyz", 8080, 5),
		VolumeMounts: []corev1.VolumeMount{
			{Name: "config", MountPath: "/etc/app", ReadOnly: true},
		},
	}
}

func proxyContainer() corev1.Container {
	return corev1.Container{
		Name:           "proxy",
		Image:          "registry.example.com/mesh/proxy:v2.14.1",
		Ports:          []corev1.ContainerPort{{Name: "proxy", ContainerPort: 15001}},
		Env:            []corev1.EnvVar{{Name: "POD_NAME", ValueFrom: field("metadata.name")}},
		Resources:      resources("50m", "64Mi", "128Mi"),
		ReadinessProbe: probe("/ready", 15020, 5),
	}
}

func appEnvironment(app app) []corev1.EnvVar {
	return []corev1.EnvVar{
		{Name: "DATABASE_URL", Value: "postgres://" + app.team + "-db:5432/" + app.name},
		{Name: "DATABASE_PASSWORD", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: app.name + "-db"}, Key: "password",
		}}},
		{Name: "GOMEMLIMIT", Value: "900MiB"},
	}
}

func field(path string) *corev1.EnvVarSource {
	return &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: path}}
}

func resources(cpu, memory, limit string) corev1.ResourceRequirements {
	return corev1.ResourceRequirements{
		Requests: corev1.ResourceList{corev1.ResourceCPU: resource.MustParse(cpu), corev1.ResourceMemory: resource.MustParse(memory)},
		Limits:   corev1.ResourceList{corev1.ResourceMemory: resource.MustParse(limit)},
	}
}

func probe(path string, port, period int32) *corev1.Probe {
	get := &corev1.HTTPGetAction{Path: path, Port: intstr.FromInt32(port)}
	return &corev1.Probe{ProbeHandler: corev1.ProbeHandler{HTTPGet: get}, PeriodSeconds: period, TimeoutSeconds: 2}
}
