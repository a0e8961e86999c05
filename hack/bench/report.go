package main

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// report is all that was measured.
type report struct {
	options options
	machine string
	took    time.Duration

	syncs   []syncResult
	lists   []listResult
	changes []changeResult
	scopes  []scopeResult
	queries []queryResult
	rest    synced // k8cache after work
	visible visibleResult

	watchers []watcherResult
}

// markdown is the report as text. What was not measured is left out.
func (r *report) markdown() string {
	var out strings.Builder
	fmt.Fprintf(&out, "Measured on %d cores (%s, %s/%s), shared by servers and clients, in %s: medians of %d rounds",
		runtime.NumCPU(), r.machine, runtime.GOOS, runtime.GOARCH, r.took.Round(time.Second), r.options.rounds)
	if len(r.lists) > 0 {
		out.WriteString(", lists over " + r.protocols())
	}
	out.WriteString(".\n")
	for _, section := range []struct {
		title string
		table table
	}{
		{"Aims", r.aims()},
		{fmt.Sprintf("Lists of %d pods", r.options.pods), r.listTable()},
		{"The list after changes", r.changeTable()},
		{"A caller of some namespaces", r.scopeTable()},
		{"Queries", r.queryTable()},
		{"From a write to its being seen", r.visibleTable()},
		{"Many watchers", r.watcherTable()},
		{"Memory and sync", r.syncTable()},
		{"Lists as the cluster grows", r.listGrowth()},
		{"Memory and sync as the cluster grows", r.syncGrowth()},
	} {
		if len(section.table) > 1 {
			fmt.Fprintf(&out, "\n### %s\n\n%s", section.title, section.table.markdown())
		}
	}
	return out.String()
}

// protocols are what was spoken, by server if they differ.
func (r *report) protocols() string {
	all := map[string]bool{}
	var said []string
	for _, l := range r.lists {
		if !all[l.protocol] {
			all[l.protocol] = true
			said = append(said, l.protocol)
		}
	}
	if len(said) == 1 {
		return said[0] + " with every server"
	}
	return "DIFFERENT PROTOCOLS: " + strings.Join(said, "; ")
}

func (r *report) listTable() table {
	t := table{{
		"list", "at a time", "server", "a list takes", "lists/s", "server CPU a list", "sent", "CPU: kube-apiserver's is",
		"lists/s: of kube-apiserver's", "lists/s: of nginx's", "CPU: of nginx's",
	}}
	for _, l := range r.lists {
		if l.pods != r.options.pods {
			continue
		}
		api, nginx := find(r.lists, l.listCase, theirs), find(r.lists, l.listCase, files)
		t.row(l.form(), strconv.Itoa(l.callers), l.server, millis(l.each), number(l.rate), millis(l.cpu), megabytes(l.bytes),
			times(ratio(api.cpu, l.cpu)), times(ratio(l.rate, api.rate)), times(ratio(l.rate, nginx.rate)), times(ratio(l.cpu, nginx.cpu)))
	}
	return t
}

func (r *report) changeTable() table {
	t := table{{"pods", "changed", "server", "the list after takes", "its server CPU", "server CPU a change", "CPU: kube-apiserver's is", "time: kube-apiserver's is"}}
	for _, c := range r.changes {
		if c.pods == r.options.pods {
			api := r.change(c.pods, theirs)
			t.row(strconv.Itoa(c.pods), strconv.Itoa(c.changed), c.server, millis(c.each), millis(c.cpu), millis(c.absorb),
				times(ratio(api.cpu, c.cpu)), times(ratio(api.each, c.each)))
		}
	}
	return t
}

// change returns the result of a server; zero where it was not measured.
func (r *report) change(pods int, server string) changeResult {
	for _, c := range r.changes {
		if c.pods == pods && c.server == server {
			return c
		}
	}
	return changeResult{}
}

func (r *report) scopeTable() table {
	t := table{{"caller", "server", "pods", "sent", "a list takes", "server CPU", "pods: of all", "CPU: of the whole list's"}}
	for _, s := range r.scopes {
		whole := r.scopes[0]
		t.row(s.who, s.server, strconv.Itoa(s.pods), megabytes(s.bytes), millis(s.each), millis(s.cpu),
			number(100*float64(s.pods)/float64(whole.pods))+" %", number(100*ratio(s.cpu, whole.cpu))+" %")
	}
	return t
}

func (r *report) visibleTable() table {
	t := table{{"seen by", "writes followed", "median", "90 %", "99 %", "writes/s beside"}}
	for _, way := range []struct {
		name  string
		times []time.Duration
	}{
		{"get through k8cache, asked again and again", r.visible.get},
		{"watch through k8cache", r.visible.watch},
		{"the same watch of kube-apiserver", r.visible.direct},
	} {
		if len(way.times) > 0 {
			t.row(way.name, strconv.Itoa(len(way.times)), millis(median(way.times)), millis(percentile(way.times, 90)),
				millis(percentile(way.times, 99)), number(r.visible.rate))
		}
	}
	return t
}

func (r *report) watcherTable() table {
	t := table{{"watch", "server", "watchers", "events/s", "server CPU an event and watcher", "client's own", "all had the last after", "each event once, in order", "CPU: kube-apiserver's is"}}
	for _, one := range r.watchers {
		form := "chunked"
		if one.socket {
			form = "WebSocket"
		}
		t.row(fmt.Sprintf("%s, %d bytes", form, one.size), one.server, strconv.Itoa(r.options.watchers), number(one.rate), micros(one.cpu), micros(one.client), millis(one.lag),
			fmt.Sprintf("%d of %d", one.correct, r.options.watchers), times(ratio(r.watcher(theirs, one.socket).cpu, one.cpu)))
	}
	return t
}

// watcher returns the result of a server; zero where it was not measured.
func (r *report) watcher(server string, socket bool) watcherResult {
	for _, w := range r.watchers {
		if w.server == server && w.socket == socket {
			return w
		}
	}
	return watcherResult{}
}

func (r *report) syncTable() table {
	t := table{{"reader", "synced after", "own CPU", "heap after GC", "resident", "resident at most", "time: of the bare reader's", "heap: of k8cache's"}}
	pods := r.options.pods
	for _, s := range r.syncs {
		if s.pods == pods {
			t.row(s.kind, seconds(s.Took), seconds(s.CPU), megabytes(s.Heap), megabytes(s.RSS), megabytes(s.Peak),
				times(ratio(s.Took, findSync(r.syncs, pods, bare).Took)), times(ratio(s.Heap, findSync(r.syncs, pods, ours).Heap)))
		}
	}
	if r.rest.Heap > 0 {
		t.row("k8cache, after work and rest", none, none, megabytes(r.rest.Heap), megabytes(r.rest.RSS), megabytes(r.rest.Peak), none, none)
	}
	return t
}
