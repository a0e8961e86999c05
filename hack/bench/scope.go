package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	authorizationv1 "k8s.io/api/authorization/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"

	"github.com/k8cache/k8cache/hack/testenv"
)

// scopeResult is what the list of a caller cost who may see only some namespaces.
type scopeResult struct {
	who    string
	server string
	pods   int
	sample
}

// share is how many namespaces the team may see: a twentieth, spread evenly, without the big one.
func (w *world) share() []string { return w.every(20, 10) }

// every are the namespaces of which the number divided by n leaves rest.
func (w *world) every(n, rest int) []string {
	var names []string
	for i, name := range w.load().NamespaceNames() {
		if i%n == rest {
			names = append(names, name)
		}
	}
	return names
}

// measureScope compares the list of a caller of ten namespaces in two hundred with that of everything, and with what the
// API server offers such a caller: to be asked namespace by namespace.
func (w *world) measureScope(ctx context.Context, c *cache, r *report) error {
	say("%d pods: a caller of some namespaces", w.pods)
	share := w.share()
	if err := w.grantTo(ctx, team, share); err != nil {
		return err
	}
	servers, err := w.servers(c)
	if err != nil {
		return err
	}
	k8cache, apiServer := servers[0], servers[1]
	seen, err := w.waitSeen(ctx, c, w.team, share)
	if err != nil {
		return err
	}
	var paths []string
	for _, namespace := range share {
		paths = append(paths, "/api/v1/namespaces/"+namespace+"/pods?resourceVersion=0")
	}
	few := fmt.Sprintf("may see %d of %d namespaces", len(share), w.options.namespaces)
	k8cacheTeam, apiServerTeam := k8cache, apiServer
	k8cacheTeam.target, apiServerTeam.target = c.seenBy(w.team), w.direct(w.team)
	return w.compareScopes(r, []scoped{
		{scopeResult{who: "may see everything", pods: w.pods}, k8cache, []string{listQuery}},
		{scopeResult{who: few, pods: seen}, k8cacheTeam, []string{listQuery}},
		{scopeResult{who: few + ", one request each", pods: seen}, apiServerTeam, paths},
	})
}

// scoped is one thing to compare.
type scoped struct {
	scopeResult
	from  server
	paths []string
}

func (w *world) compareScopes(r *report, all []scoped) error {
	samples := make([][]sample, len(all))
	for range w.rounds() + 1 {
		for i, one := range all {
			s, err := w.measure(one.from, job{Paths: one.paths, Gzip: true, Lists: 50, Callers: 1})
			if err != nil {
				return err
			}
			samples[i] = append(samples[i], s)
		}
	}
	for i, one := range all {
		one.server, one.sample = one.from.name, middle(samples[i][1:])
		r.scopes = append(r.scopes, one.scopeResult)
	}
	return nil
}

// grantTo lets a user see the pods of some namespaces.
func (w *world) grantTo(ctx context.Context, user string, namespaces []string) error {
	client, err := kubernetes.NewForConfig(w.plane.Config())
	if err != nil {
		return err
	}
	meta := metav1.ObjectMeta{Name: user}
	role := &rbacv1.ClusterRole{ObjectMeta: meta, Rules: []rbacv1.PolicyRule{{
		Verbs: []string{"get", "list", "watch"}, APIGroups: []string{""}, Resources: []string{"pods"},
	}}}
	if _, err := client.RbacV1().ClusterRoles().Create(ctx, role, metav1.CreateOptions{}); err != nil {
		return fmt.Errorf("create role: %w", err)
	}
	for _, namespace := range namespaces {
		binding := &rbacv1.RoleBinding{
			ObjectMeta: meta,
			Subjects:   []rbacv1.Subject{{Kind: rbacv1.UserKind, APIGroup: rbacv1.GroupName, Name: user}},
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: user},
		}
		if _, err := client.RbacV1().RoleBindings(namespace).Create(ctx, binding, metav1.CreateOptions{}); err != nil {
			return fmt.Errorf("create binding: %w", err)
		}
	}
	return testenv.WaitAllowed(ctx, w.plane.Config(), authorizationv1.SubjectAccessReviewSpec{
		User: user, ResourceAttributes: &authorizationv1.ResourceAttributes{
			Namespace: namespaces[len(namespaces)-1], Verb: "list", Resource: "pods",
		},
	})
}

// waitSeen waits until k8cache shows somebody exactly as many pods as the API server does, and returns how many.
func (w *world) waitSeen(ctx context.Context, c *cache, who *testenv.Identity, namespaces []string) (int, error) {
	want := 0
	for _, namespace := range namespaces {
		n, err := count(ctx, w.direct(who), "/api/v1/namespaces/"+namespace+"/pods")
		if err != nil {
			return 0, err
		}
		want += n
	}
	got := 0
	err := wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, 10*time.Second, true, func(ctx context.Context) (bool, error) {
		n, err := count(ctx, c.seenBy(who), listQuery)
		got = n
		return err == nil && n == want, nil
	})
	if err != nil || want == 0 {
		return 0, errors.Join(fmt.Errorf("the caller sees %d pods of %d", got, want), err)
	}
	return want, nil
}

// count is the number of items of a list.
func count(ctx context.Context, t target, path string) (int, error) {
	body, err := fetch(ctx, t, path, false)
	if err != nil {
		return 0, err
	}
	var list struct{ Items []struct{} }
	err = json.Unmarshal(body, &list)
	return len(list.Items), err
}
