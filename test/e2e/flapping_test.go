package e2e

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
)

const (
	// flaps is how often the binding comes and goes, flapOn and flapOff how long it stays so.
	flaps, flapOn, flapOff = 6, 500 * time.Millisecond, 2500 * time.Millisecond
	// revoked is how soon a right that is taken away must count: what docs/authorization.md promises, an event's way
	// from the API server, with room for busy machines.
	revoked = time.Second
	// callers ask at once: each user lists with some and watches with one.
	flapUsers, listersEach = 10, 4
)

// ledger remembers when a right was in force: from before it was asked for until after it was surely gone.
type ledger struct {
	mu      sync.Mutex
	periods [][2]time.Time
}

func (l *ledger) grant() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.periods = append(l.periods, [2]time.Time{time.Now(), {}})
}

func (l *ledger) revoke() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.periods[len(l.periods)-1][1] = time.Now().Add(revoked)
}

// held says whether the right was in force at some moment between two.
func (l *ledger) held(from, to time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.periods {
		if !p[0].After(to) && (p[1].IsZero() || !p[1].Before(from)) {
			return true
		}
	}
	return false
}

// TestThreat10_FlappingRights lets a binding come and go while fifty callers list and watch: nothing is seen that was not
// allowed at some moment between a request's start and its end, and what is allowed is seen.
func TestThreat10_FlappingRights(t *testing.T) {
	p := eastPair()
	always, flapping := namespace(t, p.cluster), namespace(t, p.cluster)
	mark := []byte(`"namespace":"` + flapping + `"`)
	users := make([]*testenv.Identity, flapUsers)
	for i := range users {
		users[i] = user(t, p.cluster)
		grant(t, p.cluster, users[i], always, rule("get,list,watch", "configmaps"))
	}
	book, binding := &ledger{}, flappingBinding(t, p.cluster, flapping, users)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var callers errgroup.Group
	var lists, events, seen counter
	for _, who := range users {
		for range listersEach {
			callers.Go(func() error { return listWhile(ctx, p.server, who, mark, book, &lists, &seen) })
		}
		callers.Go(func() error { return watchWhile(ctx, p.server, who, mark, book, &events) })
	}
	callers.Go(func() error { return touchWhile(ctx, p.cluster, always, flapping) })
	flap(t, p.cluster, binding, book)
	stop()
	must(t, callers.Wait())
	t.Logf("%d lists, %d of them with what flapped; %d events of it", lists.n, seen.n, events.n)
	if seen.n == 0 || events.n == 0 || seen.n == lists.n {
		t.Error("nothing flapped")
	}
}

type counter struct {
	mu sync.Mutex
	n  int
}

func (c *counter) add() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
}

// flappingBinding makes the role, and the binding that is to come and go.
func flappingBinding(t *testing.T, cluster *env.Cluster, namespace string, users []*testenv.Identity) *rbacv1.RoleBinding {
	t.Helper()
	role := &rbacv1.Role{ObjectMeta: metav1.ObjectMeta{Name: "flapping"}, Rules: []rbacv1.PolicyRule{rule("get,list,watch", "configmaps")}}
	_, err := cluster.Client.RbacV1().Roles(namespace).Create(t.Context(), role, metav1.CreateOptions{})
	must(t, err)
	binding := &rbacv1.RoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: "flapping", Namespace: namespace},
		RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "Role", Name: "flapping"},
	}
	for _, who := range users {
		binding.Subjects = append(binding.Subjects, env.UserSubject(who.Name))
	}
	return binding
}

func flap(t *testing.T, cluster *env.Cluster, binding *rbacv1.RoleBinding, book *ledger) {
	t.Helper()
	bindings := cluster.Client.RbacV1().RoleBindings(binding.Namespace)
	for range flaps {
		book.grant()
		_, err := bindings.Create(t.Context(), binding, metav1.CreateOptions{})
		must(t, err)
		<-time.After(flapOn)
		must(t, bindings.Delete(t.Context(), binding.Name, metav1.DeleteOptions{}))
		book.revoke()
		<-time.After(flapOff)
	}
}

// unlessOver is the error, or nothing once the test has told its callers to stop.
func unlessOver(ctx context.Context, err error) error {
	select {
	case <-ctx.Done():
		return nil
	default:
		return err
	}
}

// listWhile lists until it is told to stop.
func listWhile(ctx context.Context, server *env.Server, who *testenv.Identity, mark []byte, book *ledger, lists, seen *counter) error {
	for ctx.Err() == nil {
		began := time.Now()
		answer, err := server.Ask(ctx, get(who, "/api/v1/configmaps"))
		switch {
		case err != nil:
			return unlessOver(ctx, err)
		case answer.Code != http.StatusOK && answer.Code != http.StatusTooManyRequests && answer.Code != http.StatusServiceUnavailable:
			return fmt.Errorf("%s: code %d: %s", who.Name, answer.Code, answer.Body)
		}
		lists.add()
		if !bytes.Contains(answer.Body, mark) {
			continue
		}
		seen.add()
		if !book.held(began, time.Now()) {
			return fmt.Errorf("%s was shown what nobody let them see between %s and now", who.Name, began)
		}
	}
	return nil
}

// watchWhile watches, again whenever a watch ends.
func watchWhile(ctx context.Context, server *env.Server, who *testenv.Identity, mark []byte, book *ledger, events *counter) error {
	for ctx.Err() == nil {
		response, err := server.Open(ctx, get(who, "/api/v1/configmaps?watch=1"))
		if err != nil {
			return unlessOver(ctx, err)
		}
		err = readWhile(ctx, response, mark, book, events)
		_ = response.Body.Close() // read to its end, or cut off on purpose
		if err != nil {
			return fmt.Errorf("%s: %w", who.Name, err)
		}
	}
	return nil
}

func readWhile(ctx context.Context, response *http.Response, mark []byte, book *ledger, events *counter) error {
	s := &stream{response: response, lines: bufio.NewReader(response.Body)}
	for {
		line, err := s.lines.ReadBytes('\n')
		if err != nil || ctx.Err() != nil {
			return nil //nolint:nilerr // the watch has ended
		}
		if !bytes.Contains(line, mark) {
			continue
		}
		events.add()
		// An event may have been on its way for a moment.
		if now := time.Now(); !book.held(now.Add(-revoked), now) {
			return fmt.Errorf("an event that nobody let them see: %.120s", line)
		}
	}
}

// touchWhile keeps changing an object in each namespace.
func touchWhile(ctx context.Context, cluster *env.Cluster, namespaces ...string) error {
	for i := 0; ctx.Err() == nil; i++ {
		for _, ns := range namespaces {
			object := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Name: "touched"}, Data: map[string]string{"i": strconv.Itoa(i)}}
			maps := cluster.Client.CoreV1().ConfigMaps(ns)
			if i == 0 {
				_, _ = maps.Create(ctx, object, metav1.CreateOptions{}) // the update tells
			}
			if _, err := maps.Update(ctx, object, metav1.UpdateOptions{}); err != nil && ctx.Err() == nil {
				return err
			}
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
		}
	}
	return nil
}
