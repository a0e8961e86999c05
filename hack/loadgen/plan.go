package loadgen

import (
	"fmt"
	"math"
	"math/rand/v2"

	"k8s.io/apimachinery/pkg/types"
)

// podsPerApp is how many pods an app (a deployment and what belongs to it) has, unless Counts say how many deployments.
const podsPerApp = 8

// plan says where each object belongs, from its number alone: an app belongs to a namespace, everything else to an app.
type plan struct {
	options    Options
	namespaces []string
	apps       []app
}

// app is what the objects of one deployment have in common.
type app struct {
	number    int
	name      string
	namespace string
	team      string
}

func newPlan(options Options) *plan {
	p := &plan{options: options.withDefaults()}
	p.namespaces = p.options.NamespaceNames()
	count := p.options.Deployments
	if count == 0 {
		count = max(1, (p.options.Pods+podsPerApp-1)/podsPerApp)
	}
	perNamespace := make([]int, p.options.Namespaces)
	for number := range count {
		namespace := p.namespaceOf((float64(number) + 0.5) / float64(count))
		name := appName(perNamespace[namespace])
		perNamespace[namespace]++
		p.apps = append(p.apps, app{number: number, name: name, namespace: p.namespaces[namespace], team: teamName(namespace)})
	}
	return p
}

// namespaceOf maps a position in the whole, from 0 to 1, to a namespace: the first takes its share, the others follow with
// shares that fall linearly from twice the mean to nothing.
func (p *plan) namespaceOf(position float64) int {
	others := p.options.Namespaces - 1
	share := p.options.BigShare
	if share < 0 || others == 0 {
		return int(position * float64(p.options.Namespaces))
	}
	if position < share {
		return 0
	}
	rest := (position - share) / (1 - share)
	return 1 + min(others-1, int(float64(others)*(1-math.Sqrt(1-rest))))
}

// appOf returns the app to which the object of that number belongs.
func (p *plan) appOf(number int) app { return p.apps[number%len(p.apps)] }

// podApp returns the app of a pod. Those beyond the count, which churn adds, go anywhere, so that the namespaces keep
// their shares.
func (p *plan) podApp(number int) app {
	if number >= p.options.Pods {
		number = p.random("app", number).IntN(len(p.apps))
	}
	return p.appOf(number)
}

// random returns the source of everything about one object that is not fixed by its place. Each object has its own, so
// that it does not matter in which order they are made.
func (p *plan) random(kind string, number int) *rand.Rand {
	var tag uint64
	for _, char := range []byte(kind) {
		tag = tag*131 + uint64(char)
	}
	return rand.New(rand.NewPCG(p.options.Seed, tag<<32^uint64(number))) //nolint:gosec // sameness is the point
}

// numbered returns a name for the round-th object of a kind in one app.
func numbered(name string, round int) string {
	if round == 0 {
		return name
	}
	return fmt.Sprintf("%s-%d", name, round)
}

func appName(number int) string {
	apps := appNames()
	return numbered(apps[number%len(apps)], number/len(apps))
}

// hash returns letters and digits as Kubernetes puts them at the end of names: without vowels, so without words.
func hash(random *rand.Rand, length int) string {
	return text(random, "bcdfghjklmnpqrstvwxz2456789", length)
}

func hexadecimal(random *rand.Rand, length int) string {
	return text(random, "0123456789abcdef", length)
}

func text(random *rand.Rand, alphabet string, length int) string {
	chars := make([]byte, length)
	for i := range chars {
		chars[i] = alphabet[random.IntN(len(alphabet))]
	}
	return string(chars)
}

func uid(random *rand.Rand) types.UID {
	h := hexadecimal(random, 32)
	return types.UID(fmt.Sprintf("%s-%s-4%s-a%s-%s", h[:8], h[8:12], h[13:16], h[17:20], h[20:]))
}
