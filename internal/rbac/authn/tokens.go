package authn

import (
	"context"
	"errors"
	"slices"
	"time"

	"golang.org/x/sync/singleflight"
	authenticationv1 "k8s.io/api/authentication/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/cache"

	"github.com/k8cache/k8cache/internal/rbac"
)

// Defaults of TokensOptions. A delegating API server remembers either answer for 10 s; a revoked token is refused
// here at the latest one TTL after the API server refuses it.
const (
	defaultAcceptedTTL = 10 * time.Second
	defaultRefusedTTL  = 5 * time.Second
	defaultAccepted    = 8 << 10
	defaultRefused     = 32 << 10
)

// TokenReviewer asks a cluster whose token it is; rbac.Client does.
type TokenReviewer interface {
	TokenReview(ctx context.Context, spec authenticationv1.TokenReviewSpec) (authenticationv1.TokenReviewStatus, error)
}

// TokensOptions configure Tokens.
type TokensOptions struct {
	// Reviewer asks the one cluster that the tokens are for. Required.
	Reviewer TokenReviewer
	// Audiences that a token must be meant for, one of them; by default the API server's own.
	Audiences []string
	// AcceptedTTL and RefusedTTL say how long an answer counts; by default 10 s and 5 s. An accepted token counts no
	// longer than it lives.
	AcceptedTTL, RefusedTTL time.Duration
}

// Tokens judges bearer tokens by TokenReview. Answers are remembered under a keyed hash of the token, the refused ones
// apart from the accepted so that garbage cannot push anybody out; failures to ask are not remembered. Callers who come
// with the same token at the same time share one question.
type Tokens struct {
	options  TokensOptions
	digests  *rbac.Digester
	accepted *cache.LRUExpireCache
	refused  *cache.LRUExpireCache
	flights  singleflight.Group
	guesses  *guesses
}

// NewTokens returns the judge of one cluster's tokens.
func NewTokens(o TokensOptions) *Tokens {
	if o.AcceptedTTL <= 0 {
		o.AcceptedTTL = defaultAcceptedTTL
	}
	if o.RefusedTTL <= 0 {
		o.RefusedTTL = defaultRefusedTTL
	}
	return &Tokens{
		options:  o,
		digests:  rbac.NewDigester(),
		accepted: cache.NewLRUExpireCache(defaultAccepted),
		refused:  cache.NewLRUExpireCache(defaultRefused),
		guesses:  newGuesses(),
	}
}

// errRefused is the cause of the 401 for a token that the cluster did not accept.
var errRefused = errors.New("the cluster does not accept the token")

// user returns whose token it is that came from the address.
func (t *Tokens) user(ctx context.Context, token, address string) (rbac.User, error) {
	key := t.digests.Sum(append([]string{token}, t.options.Audiences...)...)
	if u, err := t.remembered(key); err != nil || u.Name != "" {
		return u, err
	}
	if !t.guesses.allowed(address) {
		return rbac.User{}, rbac.NewFailure(apierrors.NewTooManyRequests("too many bad tokens from this address", 1), nil)
	}
	u, err := shared(ctx, &t.flights, string(key[:]), func(ctx context.Context) (rbac.User, error) {
		return t.review(ctx, key, token)
	})
	if errors.Is(err, errRefused) {
		t.guesses.failed(address)
	}
	return u, err
}

// remembered returns the answer of a little while ago: a user, a refusal, or neither.
func (t *Tokens) remembered(key rbac.Digest) (rbac.User, error) {
	if u, ok := t.accepted.Get(key); ok {
		return u.(rbac.User), nil
	}
	if _, ok := t.refused.Get(key); ok {
		return rbac.User{}, unauthorized(errRefused)
	}
	return rbac.User{}, nil
}

// review asks the cluster and remembers what it says.
func (t *Tokens) review(ctx context.Context, key rbac.Digest, token string) (rbac.User, error) {
	if u, err := t.remembered(key); err != nil || u.Name != "" {
		return u, err // answered while this caller came along
	}
	asked := time.Now()
	status, err := t.options.Reviewer.TokenReview(ctx, authenticationv1.TokenReviewSpec{
		Token: token, Audiences: t.options.Audiences,
	})
	if err != nil {
		return rbac.User{}, rbac.Unavailable("the cluster could not be asked whose token this is", err)
	}
	if !t.accepts(status) {
		t.refused.Add(key, nil, t.options.RefusedTTL)
		return rbac.User{}, unauthorized(errRefused)
	}
	u := user(status.User)
	if ttl := min(t.options.AcceptedTTL, lifetime(token, asked)) - time.Since(asked); ttl > 0 {
		t.accepted.Add(key, u, ttl)
	}
	return u, nil
}

// accepts reports whether the answer is a plain yes. Authenticated and an error at once is none (CVE-2023-48312), nor is
// a user without a name; and where audiences were asked for, one of them must have been confirmed (CVE-2023-22482).
func (t *Tokens) accepts(status authenticationv1.TokenReviewStatus) bool {
	if !status.Authenticated || status.Error != "" || status.User.Username == "" {
		return false
	}
	return len(t.options.Audiences) == 0 || slices.ContainsFunc(status.Audiences, func(audience string) bool {
		return slices.Contains(t.options.Audiences, audience)
	})
}

// user returns the user that an API server describes.
func user(info authenticationv1.UserInfo) rbac.User {
	u := rbac.User{Name: info.Username, UID: info.UID, Groups: info.Groups}
	if len(info.Extra) > 0 {
		u.Extra = make(map[string][]string, len(info.Extra))
	}
	for key, values := range info.Extra {
		u.Extra[key] = values
	}
	return u
}
