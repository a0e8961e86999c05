package loadgen

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func (p *plan) namespace(number int) *corev1.Namespace {
	return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{
		Name:   p.namespaces[number],
		Labels: map[string]string{"team": teamName(number), "zone": zones()[number%len(zones())]},
	}}
}

// NamespaceNames returns the names of the namespaces, the big one first. Some are each other's prefix (cart, cart-dev), as
// that is what sorting gets wrong.
func (o Options) NamespaceNames() []string {
	names := make([]string, o.withDefaults().Namespaces)
	for i := range names {
		names[i] = teamName(i) + environments()[i%len(environments())]
	}
	return names
}

// teamName returns the team that owns a namespace; a team has one per environment.
func teamName(namespace int) string {
	teams, team := teams(), namespace/len(environments())
	name := teams[team%len(teams)]
	if round := team / len(teams); round > 0 {
		name = fmt.Sprintf("%s%d", name, round+1)
	}
	return name
}
