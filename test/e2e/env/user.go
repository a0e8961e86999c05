package env

import (
	"context"
	"strings"

	"github.com/k8cache/k8cache/hack/testenv"
)

// A static user of our own control planes, known to both by a token, and not by the same one.
const (
	StaticUser  = "alice"
	StaticGroup = "team-a"
)

// User makes a service account with a token, in the namespace of the users.
func (c *Cluster) User(ctx context.Context, name string) (*testenv.Identity, error) {
	return c.known(testenv.NewServiceAccount(ctx, c.Config, c.users(), name))
}

// Static returns StaticUser, in a cluster of our own.
func (c *Cluster) Static() (*testenv.Identity, error) {
	return c.known(c.Plane.TokenUser(StaticUser))
}

// Group is one that holds every user made by User, and nobody else.
func (c *Cluster) Group() string { return "system:serviceaccounts:" + c.users() }

// Tokens are those of every user so far, which are to be found nowhere else.
func (c *Cluster) Tokens() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.tokens...)
}

func (c *Cluster) known(who *testenv.Identity, err error) (*testenv.Identity, error) {
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tokens = append(c.tokens, who.Token)
	return who, nil
}

// groups returns the groups of a user, for questions to the authorizer.
func groups(user string) []string {
	if account, ok := strings.CutPrefix(user, "system:serviceaccount:"); ok {
		namespace, _, _ := strings.Cut(account, ":")
		return []string{"system:authenticated", "system:serviceaccounts", "system:serviceaccounts:" + namespace}
	}
	return []string{"system:authenticated"}
}
