package loadgen

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/rest"
)

// Churn changes what Populate wrote with the same options, until ctx ends (which is no error) or MaxWrites are done. Of a
// hundred changes about fifty give a pod another status, fifteen another label, twelve create a pod, twelve delete one, and
// eleven are events; so there are always about as many pods as before.
//
// A control plane that does not answer for a while does not end it: what fails is counted. An answer that will not change
// by waiting (forbidden, invalid, no such namespace) does.
func Churn(ctx context.Context, config *rest.Config, options Options) (Stats, error) {
	w, err := newWriter(config, options)
	if err != nil {
		return Stats{}, err
	}
	c := newChurner(w)
	began := time.Now()
	group, groupCtx := errgroup.WithContext(ctx)
	for range w.plan.options.Workers {
		group.Go(func() error { return c.work(groupCtx) })
	}
	err = group.Wait()
	c.progress.finish()
	c.stats.Took = time.Since(began)
	if ctx.Err() != nil {
		err = nil // told to stop; requests that this cut short failed for no other reason
	}
	return c.stats, err
}

// churner hands out changes to its workers.
type churner struct {
	writer   *writer
	limiter  *rate.Limiter
	progress *progress

	mu     sync.Mutex
	random *rand.Rand
	// live are the numbers of the pods that exist, next those of the next pod and event to create.
	live      []int
	nextPod   int
	nextEvent int
	begun     int
	stats     Stats
}

func newChurner(w *writer) *churner {
	options := w.plan.options
	c := &churner{
		writer:    w,
		limiter:   rate.NewLimiter(rate.Limit(options.Rate), 1),
		progress:  newProgress(options.Progress, "churn", options.MaxWrites),
		random:    w.plan.random("churn", 0),
		nextPod:   options.Pods,
		nextEvent: options.Events,
	}
	for number := range options.Pods {
		c.live = append(c.live, number)
	}
	return c
}

func (c *churner) work(ctx context.Context) error {
	for {
		if err := c.limiter.Wait(ctx); err != nil {
			<-ctx.Done() // it has ended, or will before the next change is due
			return nil   //nolint:nilerr // which is how churn ends
		}
		change := c.next()
		if change == nil {
			return nil
		}
		if err := c.account(change(ctx)); err != nil {
			return fmt.Errorf("churn: %w", err)
		}
	}
}

// account counts what became of a change and returns the error if there is no use in going on.
func (c *churner) account(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case err == nil:
		c.stats.Writes++
		c.progress.add(1)
	case hopeless(err):
		return err
	case apierrors.IsNotFound(err), apierrors.IsAlreadyExists(err), apierrors.IsConflict(err):
		c.stats.Skipped++ // an earlier churn, or another worker, was first
	default:
		c.stats.Failed++
		c.stats.LastError = err
	}
	return nil
}

// hopeless says whether an answer will be the same next time.
func hopeless(err error) bool {
	var status apierrors.APIStatus
	if apierrors.IsNotFound(err) && errors.As(err, &status) && status.Status().Details != nil {
		return status.Status().Details.Kind == "namespaces" // a pod may be gone, its namespace should not
	}
	return apierrors.IsForbidden(err) || apierrors.IsUnauthorized(err) || apierrors.IsInvalid(err) || apierrors.IsBadRequest(err)
}

// change is one write, or two for a new pod.
type change func(ctx context.Context) error

// next returns the next change, or nil when there have been enough.
func (c *churner) next() change {
	c.mu.Lock()
	defer c.mu.Unlock()
	if limit := c.writer.plan.options.MaxWrites; limit > 0 && c.begun >= limit {
		return nil
	}
	c.begun++
	dice := c.random.IntN(100)
	switch {
	case dice >= 89:
		return c.newEventLocked()
	case dice >= 65 || len(c.live) == 0:
		// One pod comes, another goes.
		if len(c.live) <= c.writer.plan.options.Pods {
			return c.newPodLocked()
		}
		return c.oldPodLocked()
	case dice >= 50:
		number, release := c.anyLocked(), []string{"stable", "canary", "beta"}[c.random.IntN(3)]
		return func(ctx context.Context) error { return c.writer.labelPod(ctx, number, release) }
	default:
		number, health := c.anyLocked(), pickHealth(c.random)
		return func(ctx context.Context) error { return c.writer.patchPodStatus(ctx, number, health) }
	}
}

func (c *churner) newEventLocked() change {
	number := c.nextEvent
	c.nextEvent++
	return func(ctx context.Context) error { return c.writer.createEvent(ctx, number) }
}

func (c *churner) newPodLocked() change {
	number := c.nextPod
	c.nextPod++
	c.live = append(c.live, number)
	return func(ctx context.Context) error { return c.writer.createPod(ctx, number) }
}

func (c *churner) oldPodLocked() change {
	at := c.random.IntN(len(c.live))
	number, last := c.live[at], len(c.live)-1
	c.live[at] = c.live[last]
	c.live = c.live[:last]
	return func(ctx context.Context) error { return c.writer.deletePod(ctx, number) }
}

func (c *churner) anyLocked() int { return c.live[c.random.IntN(len(c.live))] }
