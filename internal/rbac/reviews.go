package rbac

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/cache"
)

// Bounds of what is remembered of reviews.
const (
	// reviewTTL is as long as a delegating API server remembers its own reviews.
	reviewTTL = 10 * time.Second
	// unsettledTTL is how long an answer counts that was given within settling of a change of RBAC: we hear of a
	// change when the API server does, but another API server of the same cluster may still answer by the old rules.
	unsettledTTL = time.Second
	settling     = 2 * time.Second

	maxReviews      = 16 << 10
	maxReviewers    = 8 << 10
	reviewsPerUser  = 20 // a second; what is remembered does not count
	reviewUserBurst = 200
)

// reviews answers requests by SubjectAccessReview and remembers the answers for seconds, no matter which. An answer
// counts only as long as RBAC, too, gives the user what it gave when the answer was given. Requests that are the same in
// everything, identity included, share one question.
type reviews struct {
	reviewer Reviewer
	digests  *Digester
	answers  *cache.LRUExpireCache
	limits   *cache.LRUExpireCache
	flights  singleflight.Group
}

// reviewed is an answer and what RBAC gave the user by then.
type reviewed struct {
	scope Scope
	local *grants
}

// at returns the scope as one of the epoch, which may have moved on without changing anything for the user.
func (r reviewed) at(epoch uint64) Scope {
	r.scope.epoch = epoch
	return r.scope
}

func newReviews(r Reviewer, d *Digester) *reviews {
	return &reviews{
		reviewer: r, digests: d,
		answers: cache.NewLRUExpireCache(maxReviews),
		limits:  cache.NewLRUExpireCache(maxReviewers),
	}
}

// errChanged is the cause of the 503 for a request during which RBAC changed more often than it was asked about.
var errChanged = errors.New("RBAC changed meanwhile")

// scope completes s, whose grants are those of RBAC (nil where they are not known), by what the API server says.
func (r *reviews) scope(ctx context.Context, s Scope, settled time.Time) (Scope, error) {
	identity := r.digests.User(s.user)
	key := r.digests.Sum(append(s.attrs.fields(), string(identity[:]))...)
	for range 3 {
		if known, ok := r.answers.Get(key); ok && known.(reviewed).local == s.grants {
			return known.(reviewed).at(s.epoch), nil
		}
		answer, err := r.shared(ctx, key, func(ctx context.Context) (reviewed, error) {
			if !r.limit(identity).Allow() {
				return reviewed{}, tooMany()
			}
			return r.ask(ctx, s, key, settled)
		})
		if err != nil {
			return Scope{}, err
		}
		if answer.local == s.grants {
			return answer.at(s.epoch), nil
		}
	}
	return Scope{}, Unavailable("the caller's rights are changing", errChanged)
}

// ask asks the API server and remembers the answer.
func (r *reviews) ask(ctx context.Context, s Scope, key Digest, settled time.Time) (reviewed, error) {
	asked := time.Now()
	scope, err := r.judge(ctx, s)
	if err != nil {
		return reviewed{}, err
	}
	ttl := reviewTTL
	if asked.Before(settled) {
		ttl = unsettledTTL
	}
	answer := reviewed{scope: scope, local: s.grants}
	if left := ttl - time.Since(asked); left > 0 {
		r.answers.Add(key, answer, left)
	}
	return answer, nil
}

// shared asks once for all callers of the same key. The question outlives the caller who came first, because others
// may wait for its answer; the reviewer bounds it.
func (r *reviews) shared(ctx context.Context, key Digest, ask func(context.Context) (reviewed, error)) (reviewed, error) {
	detached := context.WithoutCancel(ctx)
	flight := r.flights.DoChan(string(key[:]), func() (answer any, err error) {
		defer func() {
			if p := recover(); p != nil { // in a goroutine of singleflight's it would end the process
				err = Unavailable("authorization failed", fmt.Errorf("panic: %v", p))
			}
		}()
		return ask(detached)
	})
	select {
	case result := <-flight:
		if result.Err != nil {
			return reviewed{}, result.Err
		}
		return result.Val.(reviewed), nil
	case <-ctx.Done():
		return reviewed{}, Unavailable("authorization was not finished in time", ctx.Err())
	}
}

// limit returns the limiter of one user's reviews: whoever guesses names must not make the cluster answer each guess.
func (r *reviews) limit(identity Digest) *rate.Limiter {
	if l, ok := r.limits.Get(identity); ok {
		return l.(*rate.Limiter)
	}
	l := rate.NewLimiter(reviewsPerUser, reviewUserBurst)
	r.limits.Add(identity, l, time.Hour)
	return l
}

// tooMany is the 429 for a user beyond the limit.
func tooMany() error {
	return NewFailure(apierrors.NewTooManyRequests("too many different requests that the cluster's authorizers must be asked about", 1), nil)
}
