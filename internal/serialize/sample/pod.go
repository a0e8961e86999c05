package sample

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"text/template"
)

// Namespaces is the number of namespaces that pods are spread over. The first
// one has a fifth of them all.
const Namespaces = 200

// Pods writes pods.
type Pods struct {
	text *template.Template
}

// NewPods makes a writer of pods.
func NewPods() *Pods {
	return &Pods{text: template.Must(template.New("pod").Parse(strings.ReplaceAll(podText, "\n", "")))}
}

// values are what differs from pod to pod.
type values struct {
	Name, Namespace, App, Hash, UID, Owner, Node, HostIP, IP, Time, Phase string
	Version                                                               int
}

// Raw is pod i at the given version in the form of a watch event's object.
func (p *Pods) Raw(i, version int) []byte {
	random := source(i, 1)
	app := i / 20
	node := random.IntN(100)
	v := values{
		App: "app-" + strconv.Itoa(app), Hash: word(source(app, 3), 10), UID: uid(random),
		Owner: uid(source(app, 2)), Namespace: Namespace(i),
		Node: "node-" + strconv.Itoa(node), HostIP: fmt.Sprintf("10.0.%d.%d", node/250, node%250+1),
		IP: fmt.Sprintf("10.%d.%d.%d", 128+node/250, node%250, random.IntN(250)+1), Version: version,
		Time:  fmt.Sprintf("2026-03-%02dT%02d:%02d:%02dZ", app%28+1, app%24, random.IntN(60), random.IntN(60)),
		Phase: []string{"Running", "Running", "Running", "Pending"}[random.IntN(4)],
	}
	v.Name = v.App + "-" + v.Hash + "-" + word(random, 5)
	var out strings.Builder
	if err := p.text.Execute(&out, v); err != nil {
		return nil
	}
	return []byte(out.String())
}

// Namespace is that of pod i.
func Namespace(i int) string {
	if app := i / 20; app%5 != 0 {
		return fmt.Sprintf("team-%03d", app%Namespaces)
	}
	return "team-000"
}

// source gives the same numbers for the same sample every time.
func source(i int, stream uint64) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(i), stream)) //nolint:gosec // no secret is made of them
}

// uid is a random UUID.
func uid(random *rand.Rand) string {
	a, b := random.Uint64(), random.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48&0xfff, b&0xffffffffffff)
}

// word is n letters as the API server's generated names have.
func word(random *rand.Rand, n int) string {
	const letters = "bcdfghjklmnpqrstvwxz2456789"
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[random.IntN(len(letters))]
	}
	return string(b)
}

// ConfigMap is object i of the kind that every namespace has one of, each in
// its own namespace, in list-item form.
func ConfigMap(i, version int) []byte {
	random := source(i, 4)
	return fmt.Appendf(nil, configMapText, "ns-"+word(random, 8), uid(random), version,
		fmt.Sprintf("2026-03-%02dT%02d:%02d:%02dZ", i%28+1, i%24, random.IntN(60), random.IntN(60)), certificate)
}
