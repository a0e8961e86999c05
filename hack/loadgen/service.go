package loadgen

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func (p *plan) service(number int) *corev1.Service {
	app := p.appOf(number)
	name := app.name
	if number >= len(p.apps) {
		name = numbered(app.name+"-extra", number/len(p.apps))
	}
	return &corev1.Service{
		ObjectMeta: metav1.ObjectMeta{Name: name, Namespace: app.namespace, Labels: appLabels(app)},
		Spec: corev1.ServiceSpec{
			Selector: selectorOf(app),
			Ports: []corev1.ServicePort{
				{Name: "http", Port: 80, TargetPort: intstr.FromString("http")},
			},
		},
	}
}
