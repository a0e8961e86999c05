package informers

import (
	"errors"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// kept is a mirror that was last asked for some time ago.
func kept(tables bool, idle time.Duration) *mirror {
	m := newMirror(nil, Resource{GroupVersionResource: schema.GroupVersionResource{Version: "v1", Resource: "pods"}}, ClusterOptions{})
	m.tables, m.began = tables, time.Now().Add(-idle)
	return m
}

func TestTablesAreIdleSooner(t *testing.T) {
	for name, test := range map[string]struct {
		tables        bool
		idle, timeout time.Duration
		stops         bool
	}{
		"tables asked for lately":          {true, tablesIdle - time.Minute, time.Hour, false},
		"tables":                           {true, tablesIdle + time.Minute, time.Hour, true},
		"tables, where nothing ever stops": {true, tablesIdle + time.Minute, 0, true},
		"tables, where all stops sooner":   {true, 2 * time.Minute, time.Minute, true},
		"objects":                          {false, tablesIdle + time.Minute, time.Hour, false},
		"objects, where nothing stops":     {false, 24 * time.Hour, 0, false},
	} {
		m, stopped := kept(test.tables, test.idle), false
		c := &Cluster{options: ClusterOptions{IdleTimeout: test.timeout}, mirrors: map[key]*running{
			m.key(): {mirror: m, cancel: func() { stopped = true }},
		}}
		c.stopIdle()
		select {
		case <-m.ended:
		default:
			stopped = false // watches would wait for nothing
		}
		if stopped != test.stops || (len(c.mirrors) == 0) != test.stops {
			t.Errorf("%s: stopped %t, %d left", name, stopped, len(c.mirrors))
		}
	}
}

// A mirror that found out that it cannot be right is left alone until it is idle: to ask anew each time would find the same.
func TestMirrorThatIsUnfitIsNotAskedAnew(t *testing.T) {
	m := kept(true, time.Minute)
	_ = m.endsWith(errUnfit)
	before := m.idle()
	if _, err := m.await(t.Context()); !errors.Is(err, ErrNotWatchable) || !errors.Is(err, errUnfit) {
		t.Errorf("got %v", err)
	}
	if m.idle() < before {
		t.Error("it counts as used")
	}
	if got := m.status().Error; got == "" {
		t.Error("the status does not say why")
	}
}

// The first table of a stream says what columns there are. Rows of other columns must not come among those that are held.
func TestMirrorEndsWhenColumnsChange(t *testing.T) {
	const row = `{"cells":["web","0","10m"],"object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"web","resourceVersion":"7",` + created + `}}}`
	for name, test := range map[string]struct {
		columns string
		ends    bool
	}{"the same": {podTable, false}, "none": {"null", false}, "others": {`[{"name":"Name","type":"string"}]`, true}} {
		m := kept(true, 0)
		m.form = form{kind: pods(), columns: podTable, printer: &printer{kind: pods()}}
		_, err := m.readTable([]byte(`{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"7"},"columnDefinitions":` + test.columns + `,"rows":[` + row + `]}`))
		if errors.Is(err, errOutdated) != test.ends || (m.failed() != nil) != test.ends {
			t.Errorf("%s: %v, and %v", name, err, m.failed())
		}
	}
}
