package authn

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"strings"
	"time"
)

// forever is the lifetime of a token that does not say when it ends.
const forever = time.Duration(math.MaxInt64)

// lifetime returns how long the token says that it lives on, which is only ever used to forget it sooner: nobody has
// verified it here. What is no JWT, or has no "exp" (RFC 7519, 4.1.4), lives forever.
func lifetime(token string, now time.Time) time.Duration {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return forever
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return forever
	}
	var claims struct {
		Expires *float64 `json:"exp"`
	}
	if json.Unmarshal(payload, &claims) != nil || claims.Expires == nil {
		return forever
	}
	left := *claims.Expires - float64(now.UnixMilli())/1000
	switch {
	case left <= 0:
		return 0
	case left >= forever.Seconds():
		return forever
	default:
		return time.Duration(left * float64(time.Second))
	}
}
