package rbacfuzz

import (
	"context"
	"flag"
	"math/rand/v2"
	"testing"
	"time"

	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/kubernetes/pkg/registry/rbac/validation"
	kubernetes "k8s.io/kubernetes/plugin/pkg/auth/authorizer/rbac"

	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/rbac/rbactest"
)

var (
	cases = flag.Int("cases", 1_000_000, "how many questions to compare")
	seed  = flag.Uint64("seed", 0, "where to begin; 0 is anywhere")
	limit = flag.Duration("for", 2*time.Minute, "when to end even if not all questions were compared")
)

// questionsPerWorld is how often one world is asked about, and changed in between every changeEvery questions, so that
// what is compiled incrementally is compared too.
const (
	questionsPerWorld = 200
	changeEvery       = 20
)

// TestScopeEqualsKubernetes asks both evaluators about the same requests. What k8cache shows of a list must be what
// Kubernetes allows when asked namespace by namespace and name by name.
func TestScopeEqualsKubernetes(t *testing.T) {
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	t.Logf("seed %d", *seed)
	began, asked, decisions := time.Now(), 0, 0
	answers := map[bool]int{}
	for _, alphabet := range []*rbactest.Alphabet{rbactest.Legal(), rbactest.Odd()} {
		maker := rbactest.NewMaker(*seed, alphabet)
		deadline := time.Now().Add(*limit / 2)
		for end := asked + *cases/2; asked < end && time.Now().Before(deadline); asked += questionsPerWorld {
			c := newComparison(t, maker)
			for i := range questionsPerWorld {
				if i%changeEvery == changeEvery-1 {
					c.change(t, maker)
				}
				answers[c.ask(t, maker)]++
			}
			decisions += c.decisions
		}
	}
	t.Logf("%d questions (%d allowed), %d decisions of Kubernetes, no difference, %s", asked, answers[true], decisions, time.Since(began).Round(time.Second))
	if answers[true] < asked/100 {
		t.Error("the worlds allow too little to say anything")
	}
}

// comparison is one world before both evaluators.
type comparison struct {
	world     rbactest.World
	cluster   *rbactest.Cluster
	ours      *rbac.Authorizer
	theirs    *kubernetes.RBACAuthorizer
	decisions int
}

func newComparison(t *testing.T, maker *rbactest.Maker) *comparison {
	t.Helper()
	c := &comparison{world: maker.World()}
	var err error
	if c.cluster, err = rbactest.NewCluster(c.world); err != nil {
		t.Fatal(err)
	}
	c.ours = rbac.New(rbac.Options{Mode: rbac.ModeRBAC, Collections: c.cluster})
	c.theirs = original(c.world)
	return c
}

// original returns Kubernetes' authorizer of the world.
func original(w rbactest.World) *kubernetes.RBACAuthorizer {
	_, static := validation.NewTestRuleResolver(w.Roles, w.RoleBindings, w.ClusterRoles, w.ClusterRoleBindings)
	return kubernetes.New(static, static, static, static)
}

// change changes the world for both.
func (c *comparison) change(t *testing.T, maker *rbactest.Maker) {
	t.Helper()
	put, remove := maker.Change(&c.world)
	var err error
	switch {
	case put != nil:
		err = c.cluster.Put(put)
	case remove != nil:
		err = c.cluster.Remove(remove)
	}
	if err != nil {
		t.Fatal(err)
	}
	c.theirs = original(c.world)
}

// ask compares one request, and returns whether it was allowed as asked.
func (c *comparison) ask(t *testing.T, maker *rbactest.Maker) bool {
	t.Helper()
	u, q := maker.User(), maker.Question()
	q.Namespaced = true
	scope, err := c.ours.Scope(t.Context(), u, q)
	if err != nil {
		t.Fatal(err)
	}
	asAsked := c.allows(u, q, q.Namespace, q.Name)
	if scope.All() != asAsked {
		t.Fatalf("%+v for %+v: k8cache says %v, Kubernetes %v in %+v", q, u, scope.All(), asAsked, c.world)
	}
	for range 3 {
		object := maker.Question()
		c.compare(t, scope, q, object.Namespace, object.Name, asAsked)
	}
	return asAsked
}

// compare compares what the scope says about one object with what Kubernetes says to somebody who asks for its
// namespace, or for just that name, there or in all namespaces.
func (c *comparison) compare(t *testing.T, scope rbac.Scope, q rbac.Attributes, namespace, name string, asAsked bool) {
	t.Helper()
	if q.Namespace != "" {
		namespace = q.Namespace
	}
	if q.Name != "" {
		name = q.Name
	}
	if namespace == "" || name == "" {
		return // no object is called so
	}
	u, want := scope.User(), asAsked
	if q.Verb == "list" || q.Verb == "watch" {
		want = want || c.allows(u, q, namespace, q.Name) || c.allows(u, q, namespace, name)
	}
	if got := scope.Allows(namespace, name); got != want {
		t.Fatalf("%s/%s of %+v for %+v: k8cache says %v, Kubernetes %v in %+v", namespace, name, q, u, got, want, c.world)
	}
}

// allows asks Kubernetes.
func (c *comparison) allows(u rbac.User, q rbac.Attributes, namespace, name string) bool {
	c.decisions++
	decision, _, _ := c.theirs.Authorize(context.Background(), authorizer.AttributesRecord{
		User: &user.DefaultInfo{Name: u.Name, Groups: u.Groups}, Verb: q.Verb, APIGroup: q.Group, APIVersion: q.Version,
		Resource: q.Resource, Subresource: q.Subresource, Namespace: namespace, Name: name, ResourceRequest: true,
	})
	return decision == authorizer.DecisionAllow
}
