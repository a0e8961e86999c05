package authn_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	authenticationv1 "k8s.io/api/authentication/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/rbac/authn"
)

func TestTokenGivesTheClustersUser(t *testing.T) {
	status := accepted("alice", "dev", "system:authenticated")
	status.User.UID = "u1"
	status.User.Extra = map[string]authenticationv1.ExtraValue{"authentication.kubernetes.io/credential-id": {"JTI=1"}}
	a := tokens(&reviewer{known: map[string]authenticationv1.TokenReviewStatus{"good": status}})
	got, err := a.Authenticate(t.Context(), request("Authorization", "Bearer good"))
	if err != nil {
		t.Fatal(err)
	}
	want := authn.Caller{Method: authn.ByToken, User: rbac.User{
		Name: "alice", UID: "u1", Groups: []string{"dev", "system:authenticated"},
		Extra: map[string][]string{"authentication.kubernetes.io/credential-id": {"JTI=1"}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTokenAnswersAreRememberedForTheirTime(t *testing.T) {
	payload := func(claims string) string { return "h." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".s" }
	ends := func(in time.Duration) string { return payload(fmt.Sprintf(`{"exp":%d}`, time.Now().Add(in).Unix())) }
	for _, test := range []struct {
		name       string
		token      func() string
		accepted   bool
		remembered time.Duration
	}{
		{"accepted", func() string { return "opaque" }, true, 10 * time.Second},
		{"refused", func() string { return "opaque" }, false, 5 * time.Second},
		{"accepted and over in three seconds", func() string { return ends(3 * time.Second) }, true, 3 * time.Second},
		{"accepted and over", func() string { return ends(-time.Second) }, true, 0},
		{"accepted for ever", func() string { return payload(`{"exp":1e300}`) }, true, 10 * time.Second},
		{"accepted since before time began", func() string { return payload(`{"exp":-1e300}`) }, true, 0},
		{"accepted, not saying how long", func() string { return payload(`{}`) }, true, 10 * time.Second},
		{"refused, promising to live on", func() string { return payload(`{"exp":1e300}`) }, false, 5 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				token := test.token()
				r := &reviewer{known: map[string]authenticationv1.TokenReviewStatus{}}
				if test.accepted {
					r.known[token] = accepted("alice")
				}
				a := tokens(r)
				ask := func() { _, _ = a.Authenticate(t.Context(), request("Authorization", "Bearer "+token)) }
				ask()
				if test.remembered > 0 {
					time.Sleep(test.remembered - time.Millisecond)
					ask()
					if got := r.count(); got != 1 {
						t.Errorf("asked %d times within the time, want 1", got)
					}
					time.Sleep(2 * time.Millisecond)
				}
				ask()
				if got := r.count(); got != 2 {
					t.Errorf("asked %d times after the time, want 2", got)
				}
			})
		})
	}
}

func TestThreat02_CallersWithTheSameTokenShareOneQuestion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &reviewer{known: map[string]authenticationv1.TokenReviewStatus{"good": accepted("alice")}, hold: make(chan struct{})}
		a := tokens(r)
		first, giveUp := context.WithCancel(t.Context())
		var callers sync.WaitGroup
		callers.Go(func() {
			if _, err := a.Authenticate(first, request("Authorization", "Bearer good")); code(t, err) != http.StatusServiceUnavailable {
				t.Errorf("the caller who gave up got %v", err)
			}
		})
		synctest.Wait()
		for range 20 {
			callers.Go(func() {
				if got, err := a.Authenticate(t.Context(), request("Authorization", "Bearer good")); err != nil || got.Name != "alice" {
					t.Errorf("got %v, %v", got, err)
				}
			})
			callers.Go(func() {
				if _, err := a.Authenticate(t.Context(), request("Authorization", "Bearer other")); code(t, err) != http.StatusUnauthorized {
					t.Errorf("a waiter with another token got %v", err)
				}
			})
		}
		synctest.Wait()
		giveUp() // the question goes on for the others
		synctest.Wait()
		close(r.hold)
		callers.Wait()
		if got := r.count(); got != 2 {
			t.Errorf("asked %d times, want once per token", got)
		}
	})
}

func TestThreat30_AnswersThatAreNoPlainYesAreRefused(t *testing.T) {
	contradictory := accepted("alice")
	contradictory.Error = "expired"
	other := accepted("alice")
	other.Audiences = []string{"elsewhere"}
	ours := accepted("alice")
	ours.Audiences = []string{"elsewhere", "k8cache"}
	for _, test := range []struct {
		name      string
		status    authenticationv1.TokenReviewStatus
		audiences []string
		want      int32
	}{
		{"not authenticated", authenticationv1.TokenReviewStatus{User: authenticationv1.UserInfo{Username: "alice"}}, nil, 401},
		{"authenticated, with an error", contradictory, nil, 401},
		{"authenticated, nobody", accepted(""), nil, 401},
		{"for another audience", other, []string{"k8cache"}, 401},
		{"audience not confirmed", accepted("alice"), []string{"k8cache"}, 401},
		{"for our audience", ours, []string{"k8cache"}, 200},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := &reviewer{known: map[string]authenticationv1.TokenReviewStatus{"tok": test.status}}
			_, err := tokens(r, test.audiences...).Authenticate(t.Context(), request("Authorization", "Bearer tok"))
			if got := code(t, err); got != test.want {
				t.Errorf("got %d (%v), want %d", got, err, test.want)
			}
			if diff := cmp.Diff([]authenticationv1.TokenReviewSpec{{Token: "tok", Audiences: test.audiences}}, r.asked); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestThreat30_AClusterThatCannotBeAskedIs503AndNotRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &reviewer{known: map[string]authenticationv1.TokenReviewStatus{"good": accepted("alice")}}
		a := tokens(r)
		ask := func() error {
			_, err := a.Authenticate(t.Context(), request("Authorization", "Bearer good"))
			return err
		}
		if err := ask(); err != nil {
			t.Fatal(err)
		}
		r.err = errors.New("connection refused")
		time.Sleep(9 * time.Second)
		if err := ask(); err != nil {
			t.Errorf("within the time: %v", err)
		}
		time.Sleep(1001 * time.Millisecond)
		err := ask()
		if code(t, err) != http.StatusServiceUnavailable {
			t.Errorf("beyond the time: %v, want 503", err)
		}
		if seconds, ok := apierrors.SuggestsClientDelay(err); !ok || seconds != 1 {
			t.Errorf("Retry-After: got %d, %v", seconds, ok)
		}
		r.err = nil
		if err := ask(); err != nil {
			t.Errorf("as soon as it answers again: %v", err)
		}
	})
}

func TestThreat42_NoTokenStandsInAnError(t *testing.T) {
	r := &reviewer{err: errors.New("dial tcp: refused")}
	for _, header := range []string{"Bearer s3cr3t", "Bearer s3cr3t s3cr3t", "Basic s3cr3t", "s3cr3t"} {
		_, err := tokens(r).Authenticate(t.Context(), request("Authorization", header))
		if err == nil || strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%q: error %v", header, err)
		}
	}
}

func TestGarbageDoesNotPushAnybodyOut(t *testing.T) {
	r := &reviewer{known: map[string]authenticationv1.TokenReviewStatus{"good": accepted("alice")}}
	a := tokens(r)
	ask := func(token string) { _, _ = a.Authenticate(t.Context(), request("Authorization", "Bearer "+token)) }
	ask("good")
	for i := range 40_000 {
		ask(fmt.Sprint("garbage", i))
	}
	before := r.count()
	ask("good")
	if r.count() != before {
		t.Error("the good token had to be asked about again")
	}
}

func TestAPanicInAReviewIsAnError(t *testing.T) {
	_, err := authn.New(authn.Options{Tokens: authn.NewTokens(authn.TokensOptions{})}).
		Authenticate(t.Context(), request("Authorization", "Bearer x"))
	if code(t, err) != http.StatusServiceUnavailable {
		t.Errorf("got %v, want 503", err)
	}
}
