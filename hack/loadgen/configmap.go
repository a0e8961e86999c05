package loadgen

import (
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func configMapName(app app, round int) string { return numbered(app.name+"-config", round) }

func (p *plan) configMap(number int) *corev1.ConfigMap {
	app, random := p.appOf(number), p.random("configmap", number)
	var yaml strings.Builder
	for i := range 5 + random.IntN(40) {
		fmt.Fprintf(&yaml, "setting%02d: %s # what %s does when it is %s\n", i, hexadecimal(random, 12), app.name, hash(random, 6))
	}
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Name: configMapName(app, number/len(p.apps)), Namespace: app.namespace, Labels: appLabels(app)},
		Data:       map[string]string{"config.yaml": yaml.String(), "LOG_LEVEL": "info"},
	}
}
