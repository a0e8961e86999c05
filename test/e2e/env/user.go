package env

import (
	"context"
	"strings"

	"github.com/k8cache/k8cache/hack/testenv"
)

// Static users, known by a token to the API servers of our own control planes only. Alice is in both, with other tokens.
const (
	StaticUser  = "alice"
	StaticGroup = "team-a"
)

// User makes a service account with a token, in the namespace of the users.
func (c *Cluster) User(ctx context.Context, name string) (*testenv.Identity, error) {
	return testenv.NewServiceAccount(ctx, c.Config, c.users(), name)
}

// Group is one that holds every user made by User, and nobody else.
func (c *Cluster) Group() string { return "system:serviceaccounts:" + c.users() }

// groups returns the groups of a user, for questions to the authorizer.
func groups(user string) []string {
	if account, ok := strings.CutPrefix(user, "system:serviceaccount:"); ok {
		namespace, _, _ := strings.Cut(account, ":")
		return []string{"system:authenticated", "system:serviceaccounts", "system:serviceaccounts:" + namespace}
	}
	return []string{"system:authenticated"}
}
