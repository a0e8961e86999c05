package rbac_test

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	authorizationv1 "k8s.io/api/authorization/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/rbac/rbactest"
)

// auto returns a cluster, an API server that goes by the same RBAC objects, and the authorizer of a mode.
func serve(t *testing.T, mode rbac.Mode, objects ...metav1.Object) (*rbactest.Cluster, *reviewer, *rbac.Authorizer) {
	t.Helper()
	c, err := rbactest.NewCluster(world(objects...))
	if err != nil {
		t.Fatal(err)
	}
	r := &reviewer{oracle: oracle{world(objects...)}}
	return c, r, rbac.New(rbac.Options{Mode: mode, Collections: c, Reviewer: r})
}

// someRBAC lets alice list pods everywhere and bob in a and c, of which in c only x.
func someRBAC() []metav1.Object {
	return []metav1.Object{
		clusterRole("list", "list,watch pods"), clusterRole("one", "list pods x"),
		clusterBinding("alice", "ClusterRole/list", "user:alice", "group:system:nodes"),
		binding("a", "bob", "ClusterRole/list", "user:bob"), binding("c", "bob", "ClusterRole/one", "user:bob"),
	}
}

func TestAutoAsksOnlyWhereRBACIsNotTheLastWord(t *testing.T) {
	scoped := rbac.User{Name: "alice", Extra: map[string][]string{"scopes.authorization.openshift.io": {"user:info"}}}
	known := rbac.User{Name: "alice", Extra: map[string][]string{"authentication.kubernetes.io/pod-name": {"p"}}}
	for _, test := range []struct {
		name  string
		setup func(*reviewer)
		user  rbac.User
		ask   string
		want  string
		asked int
	}{
		{"RBAC allows", nil, user("alice"), "list pods", everything, 0},
		{"RBAC allows, known extra keys", nil, known, "list pods", everything, 0},
		{"RBAC allows a part", nil, user("bob"), "list pods", "a/x a/y a/z c/x", 0},
		{"RBAC has no opinion, nor has anybody", nil, user("eve"), "list pods", nothing, 1},
		{"RBAC has no opinion, another authorizer has", func(r *reviewer) {
			r.judge = func(authorizationv1.SubjectAccessReviewSpec) authorizationv1.SubjectAccessReviewStatus {
				return allowed()
			}
		}, user("eve"), "list pods", everything, 1},
		{"a webhook is in the chain", func(r *reviewer) { r.incomplete = true }, user("alice"), "list pods", everything, 1},
		{"a webhook is in the chain and denies", func(r *reviewer) { r.incomplete, r.judge = true, denies("", "a", "b", "c") }, user("alice"), "list pods", nothing, 1},
		{"a webhook is in the chain and denies a part", func(r *reviewer) { r.incomplete, r.judge = true, denies("a") }, user("bob"), "list pods", "c/x", 3},
		{"masters are beyond any webhook", func(r *reviewer) { r.incomplete, r.judge = true, denies("", "a") }, user("root", "system:masters"), "list pods", everything, 0},
		{"RBAC is switched off", func(r *reviewer) { r.withoutAny = true }, user("alice"), "list pods", nothing, 1},
		{"a node", nil, user("system:node:n", "system:nodes"), "list pods", everything, 1},
		{"an unknown extra key", nil, scoped, "list pods", everything, 1},
		{"an unknown extra key that restricts", func(r *reviewer) {
			r.judge = func(s authorizationv1.SubjectAccessReviewSpec) authorizationv1.SubjectAccessReviewStatus {
				if len(s.Extra) > 0 {
					return denied()
				}
				return noOpinion()
			}
		}, scoped, "list pods", nothing, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, r, a := serve(t, rbac.ModeAuto, someRBAC()...)
			if test.setup != nil {
				test.setup(r)
			}
			scope(t, a, user("root"), "list nodes") // the probe
			r.forget()
			s := scope(t, a, test.user, test.ask)
			if got := seen(s, objects(t, true)); got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
			if got := r.forget(); got != test.asked {
				t.Errorf("asked %d questions, want %d", got, test.asked)
			}
			if s.Empty() != (test.want == nothing) {
				t.Errorf("Empty is %v", s.Empty())
			}
		})
	}
}

// denies denies everything in the namespaces.
func denies(namespaces ...string) func(authorizationv1.SubjectAccessReviewSpec) authorizationv1.SubjectAccessReviewStatus {
	return func(s authorizationv1.SubjectAccessReviewSpec) authorizationv1.SubjectAccessReviewStatus {
		if slices.Contains(namespaces, s.ResourceAttributes.Namespace) {
			return denied()
		}
		return noOpinion()
	}
}

func TestThreat12_AWebhookThatIsPutBeforeRBACIsFoundOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, r, a := serve(t, rbac.ModeAuto, someRBAC()...)
		sees := func(want string) {
			t.Helper()
			if got := seen(scope(t, a, user("alice"), "list pods"), objects(t, true)); got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		}
		sees(everything)
		before := scope(t, a, user("alice"), "list pods")
		r.set(func(r *reviewer) { r.incomplete, r.judge = true, denies("") })
		time.Sleep(time.Minute - time.Millisecond)
		sees(everything) // the documented bound
		time.Sleep(2 * time.Millisecond)
		sees(nothing)
		if a.Current(t.Context(), before) {
			t.Error("the scope of before is still current")
		}
		r.set(func(r *reviewer) { r.incomplete, r.judge = false, nil })
		a.Reprobe() // as after a reconnect
		sees(everything)
	})
}

func TestTheProbeIsAskedRegularlyAndNotMoreOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, r, a := serve(t, rbac.ModeAuto, someRBAC()...)
		for range 600 {
			scope(t, a, user("alice"), "list pods")
			time.Sleep(time.Second)
		}
		if r.probed != 30 { // ten times, three times each
			t.Errorf("asked for the rules %d times in ten minutes", r.probed)
		}
		if got := r.forget(); got > 30 {
			t.Errorf("asked about %d bindings in ten minutes", got)
		}
	})
}

func TestThreat11_WithoutAnAnswerThereIsNoAllow(t *testing.T) {
	unreachable, unsynced := errors.New("connection refused"), errors.New("rolebindings are not synced")
	for _, test := range []struct {
		name string
		mode rbac.Mode
		api  error
		rbac error
		ask  string
		user rbac.User
		code int32
		want string
	}{
		{"auto, API server away", rbac.ModeAuto, unreachable, nil, "list pods", user("alice"), 503, nothing},
		{"auto, RBAC not known, allowed as asked", rbac.ModeAuto, nil, unsynced, "list pods", user("alice"), 0, everything},
		{"auto, RBAC not known, refused as asked", rbac.ModeAuto, nil, unsynced, "list pods", user("bob"), 503, nothing},
		{"auto, RBAC not known, get refused", rbac.ModeAuto, nil, unsynced, "get pods a/x", user("bob"), 0, nothing},
		{"auto, RBAC not readable, refused as asked", rbac.ModeAuto, nil, rbac.ErrNotReadable, "list pods", user("bob"), 0, nothing},
		{"auto, neither", rbac.ModeAuto, unreachable, unsynced, "list pods", user("alice"), 503, nothing},
		{"auto, neither, masters", rbac.ModeAuto, unreachable, unsynced, "list pods", user("root", "system:masters"), 0, everything},
		{"sar, API server away", rbac.ModeSAR, unreachable, nil, "list pods", user("alice"), 503, nothing},
		{"rbac, API server away", rbac.ModeRBAC, unreachable, nil, "list pods", user("alice"), 0, everything},
		{"rbac, RBAC not known", rbac.ModeRBAC, nil, unsynced, "list pods", user("alice"), 503, nothing},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, r, a := serve(t, test.mode, someRBAC()...)
			c.Fail(test.rbac)
			r.set(func(r *reviewer) { r.err = test.api })
			s, err := a.Scope(t.Context(), test.user, ask(test.ask))
			if codeOf(err) != test.code {
				t.Errorf("got %v, want code %d", err, test.code)
			}
			if got := seen(s, objects(t, true)); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
