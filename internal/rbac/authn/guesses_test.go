package authn_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
)

func TestThreat31_GuessingTokensIsLimitedPerAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &reviewer{known: map[string]authenticationv1.TokenReviewStatus{"good": accepted("alice"), "good2": accepted("bob")}}
		a := tokens(r)
		from := func(address, token string) int32 {
			req := request("Authorization", "Bearer "+token)
			req.RemoteAddr = address
			_, err := a.Authenticate(t.Context(), req)
			return code(t, err)
		}
		if got := from("192.0.2.1:1", "good"); got != http.StatusOK {
			t.Fatal(got)
		}
		limited := 0
		for i := range 1000 {
			if from(fmt.Sprint("192.0.2.1:", i+1), fmt.Sprint("guess", i)) == http.StatusTooManyRequests {
				limited++
			}
		}
		if limited != 500 {
			t.Errorf("%d of 1000 guesses were limited", limited)
		}
		for _, test := range []struct {
			name, address, token string
			want                 int32
		}{
			{"the same address, a token that is known", "192.0.2.1:9", "good", 200},
			{"the same address, another token", "192.0.2.1:9", "good2", 429},
			{"another address", "192.0.2.2:9", "good2", 200},
			{"the same address, that token, now known", "192.0.2.1:9", "good2", 200},
			{"IPv6", "[2001:db8::1]:9", "bad", 401},
		} {
			if got := from(test.address, test.token); got != test.want {
				t.Errorf("%s: got %d, want %d", test.name, got, test.want)
			}
		}
		for i := range 500 {
			from(fmt.Sprintf("[2001:db8::%x]:9", i+2), fmt.Sprint("another", i))
		}
		if got := from("[2001:db8::ffff:1]:9", "yet-another"); got != http.StatusTooManyRequests {
			t.Errorf("an address of the same /64: got %d", got)
		}
		time.Sleep(time.Second)
		if got := from("192.0.2.1:9", "guess-again"); got != http.StatusUnauthorized {
			t.Errorf("a second later: got %d", got)
		}
	})
}
