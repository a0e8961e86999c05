package rbac

import (
	"context"
	"sync"
	"time"
)

// Bounds of the probe.
const (
	defaultProbeInterval = time.Minute
	probeRetry           = 5 * time.Second // after a probe without an answer
	probeTimeout         = 5 * time.Second
	// probesOfRules is how often one probe asks for its rules, each time on a new connection: behind one address
	// there may be several API servers, and while they are reconfigured they differ.
	probesOfRules = 3
)

// probe finds out whether what RBAC allows is allowed: whether no other authorizer of the cluster can deny before it,
// and whether RBAC is in force at all. It asks when somebody needs to know and the last answer has grown old, so that
// it takes no goroutine; who comes meanwhile waits for the answer.
type probe struct {
	reviewer Reviewer
	interval time.Duration

	turn  chan struct{} // holds one token: who has it may ask
	mu    sync.Mutex
	exact bool
	until time.Time
}

func newProbe(r Reviewer, interval time.Duration) *probe {
	if interval <= 0 {
		interval = defaultProbeInterval
	}
	p := &probe{reviewer: r, interval: interval, turn: make(chan struct{}, 1)}
	p.turn <- struct{}{}
	return p
}

// isExact reports whether a local allow counts. Where that cannot be found out, it does not.
func (p *probe) isExact(ctx context.Context, policy func(context.Context) (*policy, error)) bool {
	if exact, known := p.answer(); known {
		return exact
	}
	select {
	case <-p.turn:
		defer func() { p.turn <- struct{}{} }()
	case <-ctx.Done():
		return false
	}
	if exact, known := p.answer(); known {
		return exact
	}
	return p.ask(ctx, policy)
}

// answer returns the last answer, and whether it still counts.
func (p *probe) answer() (exact, known bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.exact, time.Now().Before(p.until)
}

// forget makes the next caller ask again.
func (p *probe) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.until = time.Time{}
}

// ask asks and remembers. The caller who happens to ask may go away; the answer is for the others too.
func (p *probe) ask(ctx context.Context, policy func(context.Context) (*policy, error)) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeTimeout)
	defer cancel()
	complete, err := p.complete(ctx)
	exact := err == nil && complete && p.inForce(ctx, policy)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.exact, p.until = exact, time.Now().Add(p.interval)
	if complete && !exact || err != nil {
		p.until = time.Now().Add(probeRetry)
	}
	return exact
}

// complete reports whether every authorizer can enumerate the service's rights, which a webhook cannot: its presence
// makes the answer incomplete (k8s.io/apiserver, plugin/pkg/authorizer/webhook, RulesFor).
func (p *probe) complete(ctx context.Context) (bool, error) {
	if p.reviewer == nil {
		return false, errNoReviewer
	}
	for range probesOfRules {
		status, err := p.reviewer.SelfSubjectRulesReview(ctx, "default")
		if err != nil || status.Incomplete {
			return false, err
		}
	}
	return true, nil
}

// inForce reports whether the API server, asked about some bindings, agrees with RBAC. It does not where RBAC is
// switched off: the objects are there, and complete, and mean nothing. A binding that is newer than what the API server
// goes by looks the same for a moment, so this is asked again soon.
func (p *probe) inForce(ctx context.Context, current func(context.Context) (*policy, error)) bool {
	rules, err := current(ctx)
	if err != nil {
		return false
	}
	for _, s := range rules.samples(samplesPerProbe) {
		status, err := p.reviewer.SubjectAccessReview(ctx, reviewSpec(s.user, s.attrs))
		if err != nil || !status.Allowed || status.Denied {
			return false
		}
	}
	return true
}
