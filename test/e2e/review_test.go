package e2e

import (
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
)

const tokenReviews = "/apis/authentication.k8s.io/v1/tokenreviews"

// instead answers requests for one path with something else.
func instead(path string, answer http.HandlerFunc) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == path {
				answer(w, r)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// TestThreat30_NobodyIsKnownWhileReviewsFail gives each way of failing its own token, which nobody has seen before. What
// is unknown is 503, so that no frontend logs its user out, and never a yes.
func TestThreat30_NobodyIsKnownWhileReviewsFail(t *testing.T) {
	tap, p := tapped(t)
	says := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, body)
		}
	}
	status := func(status string) http.HandlerFunc {
		return says(`{"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","status":` + status + `}`)
	}
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		code   int
	}{
		"cut off":                 {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, http.StatusServiceUnavailable},
		"failing":                 {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }, http.StatusServiceUnavailable},
		"HTML":                    {says("<html>"), http.StatusServiceUnavailable},
		"not authenticated":       {status(`{"user":{"username":"admin","groups":["system:masters"]}}`), http.StatusUnauthorized},
		"authenticated, no name":  {status(`{"authenticated":true,"user":{"groups":["system:masters"]}}`), http.StatusUnauthorized},
		"authenticated, an error": {status(`{"authenticated":true,"error":"expired","user":{"username":"admin","groups":["system:masters"]}}`), http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			tap.Rule(instead(tokenReviews, test.answer))
			who := &testenv.Identity{Token: unique("token")}
			began := time.Now()
			answer := cached(t, p.server, get(who, "/api/v1/pods"))
			refused(t, name, answer, test.code, "")
			if took := time.Since(began); took > 15*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
	tap.Rule(nil)
	p.sameList(t, p.cluster.Admin, "/api/v1/pods")
}

// TestTokensAreReviewedOncePerWhile looks at how often the cluster is asked who somebody is.
func TestTokensAreReviewedOncePerWhile(t *testing.T) {
	tap, p := tapped(t)
	who := user(t, p.cluster)
	for range 20 {
		cached(t, p.server, get(who, "/api/v1/pods"))
		cached(t, p.server, get(&testenv.Identity{Token: "bad"}, "/api/v1/pods"))
	}
	if reviews := len(tap.Seen(tokenReviews)); reviews < 2 || reviews > 6 {
		t.Errorf("%d reviews for 20 requests each of two tokens", reviews)
	}
}

// TestThreat01_TokensAndUsersAreNeverMixed has users whose rights differ ask for the same, one after the other and at once.
func TestThreat01_TokensAndUsersAreNeverMixed(t *testing.T) {
	p := eastPair()
	names := []string{"a", "a-b", "b", "n00"}
	var callers []*testenv.Identity
	for _, name := range names {
		who := user(t, p.cluster)
		grant(t, p.cluster, who, p.cluster.Namespace(name), listConfigMaps)
		callers = append(callers, who)
		seesUnion(t, p, who, "configmaps", []string{name})
	}
	done := make(chan string)
	for i, who := range callers {
		go func() {
			var wrong string
			for range 50 {
				answer, err := p.server.Ask(t.Context(), get(who, "/api/v1/configmaps"))
				if err != nil || !onlyIn(answer, p.cluster.Namespace(names[i])) {
					wrong = who.Name + " got what is not theirs"
				}
			}
			done <- wrong
		}()
	}
	for range callers {
		if wrong := <-done; wrong != "" {
			t.Error(wrong)
		}
	}
}

// onlyIn says whether all that a list holds is in one namespace.
func onlyIn(answer *env.Answer, namespace string) bool {
	items, err := listOf(answer)
	if err != nil || len(items.Items) == 0 {
		return false
	}
	for _, item := range items.Items {
		if item.Namespace != namespace {
			return false
		}
	}
	return true
}
