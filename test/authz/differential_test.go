package authz

import (
	"flag"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/rbac/rbactest"
)

var (
	worlds = flag.Int("worlds", 20, "how many RBAC worlds to compare")
	seed   = flag.Uint64("seed", 0, "where to begin; 0 is anywhere")
)

// TestScopeEqualsTheAPIServer puts random RBAC worlds into a real API server, and compares the scopes of random users
// with what its authorizers say when asked namespace by namespace and name by name.
func TestScopeEqualsTheAPIServer(t *testing.T) {
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	t.Logf("seed %d", *seed)
	p := start(t)
	maker := rbactest.NewMaker(*seed, rbactest.Legal())
	for _, namespace := range maker.Namespaces {
		object := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}
		if _, err := p.objects.CoreV1().Namespaces().Create(t.Context(), object, metav1.CreateOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	local := rbac.New(rbac.Options{Mode: rbac.ModeRBAC, Collections: p.objects})
	kinds := map[string]int{}
	for range *worlds {
		p.put(t, maker.World())
		p.objects.read(t)
		p.settle(t)
		for range 25 {
			kinds[p.compare(t, local, maker)]++
		}
	}
	t.Logf("%d worlds: %v, no difference", *worlds, kinds)
	if kinds["all"] == 0 || kinds["part"] == 0 {
		t.Error("the worlds allow too little to say anything")
	}
}

// put exchanges the world. What the API server refuses (an empty list of verbs, say) is not part of it.
func (p *plane) put(t *testing.T, w rbactest.World) {
	t.Helper()
	ctx, api := t.Context(), p.objects.RbacV1()
	made, everything := metav1.ListOptions{LabelSelector: label}, metav1.DeleteOptions{}
	errs := []error{
		api.ClusterRoleBindings().DeleteCollection(ctx, everything, made),
		api.ClusterRoles().DeleteCollection(ctx, everything, made),
	}
	for _, namespace := range rbactest.Legal().Namespaces {
		errs = append(errs, api.RoleBindings(namespace).DeleteCollection(ctx, everything, made), api.Roles(namespace).DeleteCollection(ctx, everything, made))
	}
	for _, o := range w.ClusterRoles {
		_, err := api.ClusterRoles().Create(ctx, labelled(o), metav1.CreateOptions{})
		errs = append(errs, err)
	}
	for _, o := range w.Roles {
		_, err := api.Roles(o.Namespace).Create(ctx, labelled(o), metav1.CreateOptions{})
		errs = append(errs, err)
	}
	for _, o := range w.RoleBindings {
		_, err := api.RoleBindings(o.Namespace).Create(ctx, labelled(o), metav1.CreateOptions{})
		errs = append(errs, err)
	}
	for _, o := range w.ClusterRoleBindings {
		_, err := api.ClusterRoleBindings().Create(ctx, labelled(o), metav1.CreateOptions{})
		errs = append(errs, err)
	}
	for _, err := range errs {
		if err != nil && !apierrors.IsInvalid(err) {
			t.Fatal(err)
		}
	}
}

// label marks what a test has made.
const label = "k8cache-test=world"

// labelled returns the object as it can be created.
func labelled[T metav1.Object](o T) T {
	o.SetResourceVersion("")
	o.SetLabels(map[string]string{"k8cache-test": "world"})
	return o
}

// settle waits until the API server's authorizer goes by what was written: by a binding that was written last.
func (p *plane) settle(t *testing.T) {
	t.Helper()
	name := "settled-" + strconv.FormatUint(rand.Uint64(), 36)
	p.bind(t, "default", name)
	eventually(t, "the API server takes the world", 10*time.Second, func() bool {
		return p.allowed(t.Context(), t, user(name), listPods("default"))
	})
}

// compare compares one scope, and says what it showed.
func (p *plane) compare(t *testing.T, local *rbac.Authorizer, maker *rbactest.Maker) string {
	t.Helper()
	u, q := maker.User(), maker.Question()
	q.Namespaced = true
	scope, err := local.Scope(t.Context(), u, q)
	if err != nil {
		t.Fatal(err)
	}
	if asAsked := p.allowed(t.Context(), t, u, q); scope.All() != asAsked {
		t.Fatalf("%+v for %+v: k8cache says %v, the API server %v", q, u, scope.All(), asAsked)
	}
	if scope.All() {
		return "all"
	}
	shown := "nothing"
	if q.Verb != "list" && q.Verb != "watch" {
		return shown
	}
	for _, namespace := range []string{"a", "a-b", "b", "c"} {
		if q.Namespace != "" && q.Namespace != namespace {
			continue
		}
		name := maker.Question().Name
		if q.Name != "" {
			name = q.Name
		}
		if name == "" {
			continue
		}
		one := q
		one.Namespace = namespace
		want := p.allowed(t.Context(), t, u, one)
		one.Name = name
		want = want || p.allowed(t.Context(), t, u, one)
		if got := scope.Allows(namespace, name); got != want {
			t.Fatalf("%s/%s of %+v for %+v: k8cache says %v, the API server %v", namespace, name, q, u, got, want)
		}
		if want {
			shown = "part"
		}
	}
	return shown
}
