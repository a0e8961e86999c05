package authn

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/singleflight"
	authenticationv1 "k8s.io/api/authentication/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/cache"

	"github.com/k8cache/k8cache/internal/rbac"
)

// SelfReviewer asks a cluster whom it takes us for; rbac.Client does.
type SelfReviewer interface {
	SelfSubjectReview(ctx context.Context) (authenticationv1.UserInfo, error)
}

// Self makes every caller the user that the cluster takes the service for. It is for one's own machine: whoever reaches
// the listener has the kubeconfig's rights.
type Self struct {
	reviewer SelfReviewer
	known    *cache.LRUExpireCache // holds one entry, for as long as the answer to a token counts
	flights  singleflight.Group
}

// selfKey is the one key of Self's cache.
const selfKey = "self"

// NewSelf returns the identity of one cluster's kubeconfig user.
func NewSelf(r SelfReviewer) *Self {
	return &Self{reviewer: r, known: cache.NewLRUExpireCache(1)}
}

// user returns who we are.
func (s *Self) user(ctx context.Context) (rbac.User, error) {
	if u, ok := s.known.Get(selfKey); ok {
		return u.(rbac.User), nil
	}
	return shared(ctx, &s.flights, selfKey, s.review)
}

// review asks the cluster. A kubeconfig whose credentials are refused is told as 401; it will not help to come back.
func (s *Self) review(ctx context.Context) (rbac.User, error) {
	asked := time.Now()
	info, err := s.reviewer.SelfSubjectReview(ctx)
	switch {
	case apierrors.IsUnauthorized(err):
		return rbac.User{}, unauthorized(err)
	case err == nil && info.Username == "":
		err = errors.New("the answer names no user")
	}
	if err != nil {
		return rbac.User{}, rbac.Unavailable("the cluster could not be asked who the kubeconfig's user is", err)
	}
	u := user(info)
	s.known.Add(selfKey, u, defaultAcceptedTTL-time.Since(asked))
	return u, nil
}
