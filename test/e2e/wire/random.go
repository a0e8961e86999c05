package wire

import (
	"math/rand/v2"
	"net/http"
	"strings"
)

// Random draws requests out of everything that the others combine in order: kinds, scopes, parameters and headers.
func Random(seed uint64, kinds []Kind, namespaces []string, count int) []Request {
	dice := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // to be drawn again from the seed
	all := make([]Request, count)
	for i := range all {
		all[i] = draw(dice, one(dice, kinds), one(dice, namespaces))
	}
	return all
}

func draw(dice *rand.Rand, kind Kind, namespace string) Request {
	path := kind.In(namespace)
	var parameters []string
	switch dice.IntN(5) {
	case 0:
		path = kind.One(namespace)
		if kind.Namespaced && namespace == "" {
			path = kind.Path
		}
	default:
		parameters = []string{one(dice, versions()), one(dice, limits())}
	}
	for range dice.IntN(3) {
		parameters = append(parameters, parameter(dice, kind, namespace))
	}
	request := get(path, parameters...)
	for _, pool := range []struct {
		name   string
		values []string
	}{{"Accept", accepts()}, {"User-Agent", agents()}, {"Accept-Encoding", encodings()}} {
		if dice.IntN(3) == 0 {
			request = request.with(pool.name + ": " + one(dice, pool.values))
		}
	}
	if dice.IntN(20) == 0 {
		request.Method = http.MethodHead
	}
	return request
}

// parameter is one that a list may have. Those that make a watch are not among them: they take their time.
func parameter(dice *rand.Rand, kind Kind, namespace string) string {
	names := strings.NewReplacer("NAME", kind.Object, "NS", namespace)
	switch dice.IntN(7) {
	case 0:
		return one(dice, matches())
	case 1:
		return selector("labelSelector", one(dice, labels()))
	case 2:
		return selector("fieldSelector", names.Replace(one(dice, fields())))
	case 3:
		if len(kind.Fields) > 0 {
			return selector("fieldSelector", one(dice, kind.Fields))
		}
		return one(dice, others())
	case 4:
		return one(dice, tokens())
	case 5:
		return one(dice, pretties())
	default:
		return one(dice, others())
	}
}

func one[T any](dice *rand.Rand, of []T) T { return of[dice.IntN(len(of))] }
