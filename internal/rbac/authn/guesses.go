package authn

import (
	"net"
	"net/netip"
	"time"

	"golang.org/x/time/rate"
	"k8s.io/apimachinery/pkg/util/cache"
)

// Bounds of the tokens that one address may have refused: who guesses must not make the cluster answer each guess. They
// are wide, because many users may come from behind one address.
const (
	guessesPerSecond = 20
	guessesBurst     = 500
	maxAddresses     = 16 << 10
)

// guesses counts refused tokens per address.
type guesses struct {
	limits *cache.LRUExpireCache
}

func newGuesses() *guesses { return &guesses{limits: cache.NewLRUExpireCache(maxAddresses)} }

// allowed reports whether the address may try another token.
func (g *guesses) allowed(address string) bool {
	limit, ok := g.limits.Get(network(address))
	return !ok || limit.(*rate.Limiter).Tokens() >= 1
}

// failed counts one refused token.
func (g *guesses) failed(address string) {
	key := network(address)
	limit, ok := g.limits.Get(key)
	if !ok {
		limit = rate.NewLimiter(guessesPerSecond, guessesBurst)
		g.limits.Add(key, limit, time.Hour)
	}
	limit.(*rate.Limiter).Allow()
}

// network returns the part of an address that one person has: of IPv6 the first 64 bits (RFC 6177).
func network(address string) string {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		host = address
	}
	ip, err := netip.ParseAddr(host)
	if err != nil || ip.Unmap().Is4() {
		return host
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return host
	}
	return prefix.String()
}
