package informers

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"go.uber.org/zap"

	"github.com/k8cache/k8cache/internal/informers/store"
)

// checkTimeout bounds one check: whoever cannot be asked in that time is asked next time.
const checkTimeout = 2 * time.Minute

// CheckResult is how the comparison of a collection with the API server went.
type CheckResult string

// The results of checks.
const (
	CheckSame    CheckResult = "same"
	CheckDiffers CheckResult = "differs"
	// CheckSkipped says that the API server could not be asked about that version.
	CheckSkipped CheckResult = "skipped"
)

// ErrInconsistent says that a collection was found to differ from the API server. It is being read anew.
var ErrInconsistent = errors.New("it differs from the API server's and is being read anew")

// checkRegularly compares a mirror with the API server from time to time, until the context ends. Each mirror waits for a
// time of its own, and for the others.
func (c *Cluster) checkRegularly(ctx context.Context, m *mirror) {
	for c.options.SelfCheck > 0 {
		period := float64(c.options.SelfCheck)
		timer := time.NewTimer(time.Duration(period/2 + rand.Float64()*period)) //nolint:gosec // it spreads load and hides nothing
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
		select {
		case c.checking <- struct{}{}:
			c.check(ctx, m)
			<-c.checking
		case <-ctx.Done():
			return
		}
	}
}

// check compares names and versions at one exact version, the collection's newest. Where they differ, reads go to the API
// server until the collection has been read anew.
func (c *Cluster) check(ctx context.Context, m *mirror) {
	snapshot := m.collection.Snapshot()
	if snapshot == nil || m.inconsistent.Load() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	version, ours := snapshot.ResourceVersion(), digestOf(snapshot)
	theirs, err := m.digestAt(ctx, version)
	result, about := CheckSame, []zap.Field{zap.Stringer("resource", m.resource), zap.Bool("tables", m.tables), zap.Uint64("version", version)}
	switch {
	case err != nil:
		result = CheckSkipped
		c.log.Debug("collection not compared with the API server", append(about, zap.Error(err))...)
	case ours != theirs:
		result = CheckDiffers
		c.log.Error("collection differs from the API server's and is read anew",
			append(about, zap.Int("objects", ours.objects), zap.Int("objectsOfAPIServer", theirs.objects))...)
		m.inconsistent.Store(true)
		m.renew()
	}
	if c.options.Checked != nil && ctx.Err() == nil {
		c.options.Checked(result)
	}
}

// digestOf is the digest of a collection as it is here.
func digestOf(s *store.Snapshot) digest {
	d := newDigester()
	for ref := range s.All().Refs() {
		d.add(ref.Key(), ref.ResourceVersion())
	}
	return d.digest()
}
