package informers

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// CollectionStatus is what operators see of one collection.
type CollectionStatus struct {
	Resource        schema.GroupVersionResource
	Tables          bool // objects carry the rows of tables
	Synced          bool
	Objects         int
	Bytes           int64 // of JSON
	ResourceVersion uint64
	Age             time.Duration // since the API server was last heard
	Error           string        // why it cannot be heard; empty where it can
}

// Status lists the collections by resource.
func (c *Cluster) Status() []CollectionStatus {
	mirrors := c.mirrorsThat(func(*mirror) bool { return true })
	all := make([]CollectionStatus, 0, len(mirrors))
	for _, m := range mirrors {
		all = append(all, m.status())
	}
	slices.SortFunc(all, func(a, b CollectionStatus) int {
		if order := strings.Compare(a.Resource.String(), b.Resource.String()); order != 0 || a.Tables == b.Tables {
			return order
		}
		if a.Tables {
			return 1
		}
		return -1
	})
	return all
}

func (m *mirror) status() CollectionStatus {
	s := CollectionStatus{Resource: m.resource.GroupVersionResource, Tables: m.tables, Age: m.age()}
	if _, err := m.problem(); err != nil {
		s.Error = err.Error()
	}
	if err := m.failed(); err != nil {
		s.Error = err.Error()
	}
	if m.inconsistent.Load() {
		s.Error = ErrInconsistent.Error()
	}
	if snapshot := m.collection.Snapshot(); snapshot != nil {
		s.Synced, s.Objects, s.Bytes = true, snapshot.Len(), snapshot.Bytes()
		s.ResourceVersion = snapshot.ResourceVersion()
	}
	return s
}

func (c *Cluster) synced(gvr schema.GroupVersionResource) error {
	c.mu.Lock()
	entry := c.mirrors[key{GroupVersionResource: gvr}]
	c.mu.Unlock()
	if entry != nil && entry.collection.Snapshot() != nil {
		return nil
	}
	if entry != nil {
		if _, err := entry.problem(); err != nil {
			return fmt.Errorf("cluster %q: %s not synced: %w", c.name, gvr.GroupResource(), err)
		}
	}
	return fmt.Errorf("cluster %q: %s not synced yet", c.name, gvr.GroupResource())
}

// Err is why the last round of discovery failed; nil where it did not, or where there was none yet.
func (c *Cluster) Err() error {
	if p := c.problem.Load(); p != nil {
		return *p
	}
	return nil
}

// Ready returns nil once the cluster has been reached and what is to be watched from the start is synced, otherwise
// what is missing. Once a cluster was ready, its silence is a matter of freshness, not of readiness.
func (c *Cluster) Ready() error {
	select {
	case <-c.reached:
	default:
		if err := c.Err(); err != nil {
			return fmt.Errorf("cluster %q: %w", c.name, err)
		}
		return fmt.Errorf("cluster %q: not reached yet", c.name)
	}
	for _, want := range c.options.Preload {
		if _, ok := c.catalog.preferred(want); !ok {
			return fmt.Errorf("cluster %q: no resource %q to preload", c.name, want)
		}
	}
	for _, gvr := range c.pinned() {
		if err := c.synced(gvr); err != nil && !c.goesWithout(gvr, err) {
			return err
		}
	}
	return nil
}

// goesWithout says whether the service can do without one of its own needs, because it may not have it: the cluster is
// asked instead, request by request. What the operator wants to be watched is not gone without.
func (c *Cluster) goesWithout(gvr schema.GroupVersionResource, err error) bool {
	_, known := c.catalog.lookup(gvr)
	return slices.Contains(c.options.Pinned, gvr) && (!known || refused(err))
}
