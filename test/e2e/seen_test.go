package e2e

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/client-go/tools/cache"

	"github.com/k8cache/k8cache/test/e2e/validate"
)

// seen is what a client has been told, in order, and what it has now. It serves as an informer's handler.
type seen struct {
	mu      sync.Mutex
	initial []string
	events  []string
	has     map[string]string // versions by key
}

var _ cache.ResourceEventHandler = (*seen)(nil)

func newSeen() *seen { return &seen{has: map[string]string{}} }

// OnAdd notes what was there, in no order, and what came.
func (s *seen) OnAdd(object any, initially bool) {
	if !initially {
		s.note("ADDED", object)
		return
	}
	s.began(keyed(object))
}

// began notes what was there from the beginning.
func (s *seen) began(key, version string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.initial = append(s.initial, key+"@"+version)
	s.has[key] = version
}

// OnUpdate notes a change, but not that a relist brought what was known.
func (s *seen) OnUpdate(old, object any) {
	if _, version := keyed(object); version != second(keyed(old)) {
		s.note("MODIFIED", object)
	}
}

// OnDelete notes what went, the last state that was known of it included.
func (s *seen) OnDelete(object any) {
	if last, ok := object.(cache.DeletedFinalStateUnknown); ok {
		object = last.Obj
	}
	s.note("DELETED", object)
}

func (s *seen) note(kind string, object any) {
	key, version := keyed(object)
	s.told(kind, key, version)
}

// told notes an event.
func (s *seen) told(kind, key, version string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, kind+" "+key+"@"+version)
	if s.has[key] = version; kind == "DELETED" {
		delete(s.has, key)
	}
}

func keyed(object any) (key, version string) {
	accessor, err := meta.Accessor(object)
	if err != nil {
		return err.Error(), ""
	}
	return accessor.GetNamespace() + "/" + accessor.GetName(), accessor.GetResourceVersion()
}

func second(_, version string) string { return version }

// now is a copy.
func (s *seen) now() (initial, events []string, has map[string]string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(slices.Values(s.initial)), slices.Clone(s.events), maps.Clone(s.has)
}

// waits until a client has exactly what is there, by key and version.
func (s *seen) waits(t *testing.T, who string, want map[string]string) {
	t.Helper()
	eventually(t, who+" has what is there", func() error {
		if _, _, has := s.now(); !maps.Equal(want, has) {
			return fmt.Errorf("(-there +seen)\n%s", cmp.Diff(want, has))
		}
		return nil
	})
}

// sameAs compares everything that two clients were told, once both have what is there.
func (s *seen) sameAs(t *testing.T, direct *seen) {
	t.Helper()
	wantInitial, wantEvents, _ := direct.now()
	gotInitial, gotEvents, _ := s.now()
	if diff := cmp.Diff(wantInitial, gotInitial); diff != "" {
		t.Errorf("initially (-direct +cached):\n%s", diff)
	}
	if diff := cmp.Diff(wantEvents, gotEvents); diff != "" {
		t.Errorf("events (-direct +cached):\n%s", diff)
	}
	if len(gotEvents) == 0 {
		t.Error("no events: nothing was compared")
	}
}

// forward checks that no object went back in time, for clients that lost sight of things meanwhile.
func (s *seen) forward(t *testing.T) {
	t.Helper()
	_, events, _ := s.now()
	versions := map[string][]string{}
	for _, event := range events {
		_, what, _ := strings.Cut(event, " ")
		key, version, _ := strings.Cut(what, "@")
		versions[key] = append(versions[key], version)
	}
	for key, each := range versions {
		check(t, key, validate.Forward(each))
	}
}
