package authn_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"github.com/k8cache/k8cache/internal/rbac/authn"
)

func TestCredentialsSayOneThingOrNothing(t *testing.T) {
	r := &reviewer{known: map[string]authenticationv1.TokenReviewStatus{"good": accepted("alice"), "": accepted("nobody"), "self": accepted("me")}}
	byToken, bySelf := tokens(r), authn.New(authn.Options{Self: authn.NewSelf(r)})
	for _, test := range []struct {
		name    string
		a       *authn.Authenticator
		headers []string
		want    int32
	}{
		{"a good token", byToken, []string{"Authorization", "Bearer good"}, 200},
		{"scheme in another case", byToken, []string{"Authorization", "bEARER good"}, 200},
		{"a bad token", byToken, []string{"Authorization", "Bearer bad"}, 401},
		{"nothing", byToken, nil, 401},
		{"an empty token", byToken, []string{"Authorization", "Bearer "}, 401},
		{"a scheme alone", byToken, []string{"Authorization", "Bearer"}, 401},
		{"an empty header", byToken, []string{"Authorization", ""}, 401},
		{"basic", byToken, []string{"Authorization", "Basic Z29vZA=="}, 401},
		{"two words", byToken, []string{"Authorization", "Bearer good good"}, 401},
		{"two spaces", byToken, []string{"Authorization", "Bearer  good"}, 401},
		{"too long", byToken, []string{"Authorization", "Bearer " + strings.Repeat("x", 33<<10)}, 401},
		{"two headers", byToken, []string{"Authorization", "Bearer good", "Authorization", "Bearer good"}, 400},
		{"a cookie", byToken, []string{"Cookie", "token=good"}, 401},
		{"a front proxy's headers from anybody", byToken, []string{"X-Remote-User", "alice"}, 401},
		{"kubeconfig", bySelf, nil, 200},
		{"kubeconfig and a token", bySelf, []string{"Authorization", "Bearer good"}, 400},
		{"tokens not accepted", authn.New(authn.Options{}), []string{"Authorization", "Bearer good"}, 401},
		{"nothing accepted", authn.New(authn.Options{}), nil, 401},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := test.a.Authenticate(t.Context(), request(test.headers...))
			if code := code(t, err); code != test.want {
				t.Errorf("got %v, %v, want %d", got, err, test.want)
			}
			if err != nil && got.Name != "" {
				t.Errorf("an error and a user: %v", got)
			}
		})
	}
}

func TestUnauthorizedReadsLikeTheAPIServers(t *testing.T) {
	_, err := tokens(&reviewer{}).Authenticate(t.Context(), request())
	if !errors.Is(err, authn.ErrNoCredentials) {
		t.Errorf("%v is not ErrNoCredentials", err)
	}
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		t.Fatalf("%v has no Status", err)
	}
	got, err := json.Marshal(status.Status())
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"metadata":{},"status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}`; string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestKubeconfigModeActsAsTheKubeconfigsUser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &reviewer{known: map[string]authenticationv1.TokenReviewStatus{"self": accepted("me", "system:masters")}}
		a := authn.New(authn.Options{Self: authn.NewSelf(r)})
		ask := func() (authn.Caller, error) { return a.Authenticate(t.Context(), request()) }
		for range 3 {
			if got, err := ask(); err != nil || got.Name != "me" || !got.IsMaster() || got.Method != authn.ByKubeconfig {
				t.Fatalf("got %v, %v", got, err)
			}
		}
		if r.count() != 1 {
			t.Errorf("asked %d times, want once", r.count())
		}
		time.Sleep(10*time.Second + time.Millisecond)
		r.err = errors.New("connection refused")
		if _, err := ask(); code(t, err) != http.StatusServiceUnavailable {
			t.Errorf("got %v, want 503", err)
		}
		r.err = apierrors.NewUnauthorized("Unauthorized")
		if _, err := ask(); code(t, err) != http.StatusUnauthorized {
			t.Errorf("got %v, want 401", err)
		}
		r.err, r.known = nil, nil
		if _, err := ask(); code(t, err) != http.StatusServiceUnavailable {
			t.Errorf("nobody: got %v, want 503", err)
		}
	})
}
