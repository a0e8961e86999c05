package main

import "time"

// aim is what the project wants of a figure, and what was measured.
type aim struct {
	of       string
	want     string
	got      string
	measured bool
	met      bool
}

// aims are the table of them.
func (r *report) aims() table {
	t := table{{"aim", "wanted", "measured", "met"}}
	for _, a := range r.allAims() {
		switch {
		case !a.measured:
		case a.met:
			t.row(a.of, a.want, a.got, "yes")
		default:
			t.row(a.of, a.want, a.got, "no")
		}
	}
	return t
}

func (r *report) allAims() []aim {
	pods := r.options.pods
	one, many := listCase{pods, true, 1, false}, listCase{pods, true, 16, false}
	cpu := func(c listCase) float64 { return ratio(find(r.lists, c, theirs).cpu, find(r.lists, c, ours).cpu) }
	rate := func(c listCase, of string) float64 {
		return ratio(find(r.lists, c, ours).rate, find(r.lists, c, of).rate)
	}
	mine := findSync(r.syncs, pods, ours)
	return []aim{
		atLeast("gzip list, 1 caller: kube-apiserver's server CPU", cpu(one), 100, "≥ 100×"),
		atLeast("gzip list, 16 callers: kube-apiserver's server CPU", cpu(many), 100, "≥ 100×"),
		atLeast("gzip list, 1 caller: lists/s of kube-apiserver's", rate(one, theirs), 50, "≥ 50×"),
		atLeast("gzip list, 16 callers: lists/s of kube-apiserver's", rate(many, theirs), 50, "≥ 50×"),
		atLeast("gzip list, 1 caller: lists/s of nginx's", rate(one, files), 0.7, "≥ 0.7×"),
		atLeast("gzip list, 16 callers: lists/s of nginx's", rate(many, files), 0.7, "≥ 0.7×"),
		atLeast("gzip list after 1 % changed: kube-apiserver's time", ratio(r.change(pods, theirs).each, r.change(pods, ours).each), 20, "≥ 20×"),
		atLeast("gzip list after 1 % changed: kube-apiserver's server CPU", ratio(r.change(pods, theirs).cpu, r.change(pods, ours).cpu), 20, "≥ 20×"),
		under("a write seen by get, median", r.visible.get, 5*time.Millisecond),
		under("a write seen by watch, median", r.visible.watch, 5*time.Millisecond),
		r.watchAim("chunked", false),
		r.watchAim("WebSocket", true),
		{"heap after GC, synced", "≤ 25 MB", megabytes(mine.Heap), mine.Heap > 0, mine.Heap <= 25e6},
		{"heap after GC, after work and rest", "≤ 25 MB", megabytes(r.rest.Heap), r.rest.Heap > 0, r.rest.Heap <= 25e6},
		r.syncAim(mine),
	}
}

func (r *report) syncAim(mine syncResult) aim {
	of := ratio(mine.Took, findSync(r.syncs, r.options.pods, bare).Took)
	return aim{"sync: time of the bare reader's", "≤ 1.5×", times(of), mine.Took > 0, of <= 1.5}
}

// watchAim counts only where every watcher of k8cache had every event once and in order.
func (r *report) watchAim(form string, socket bool) aim {
	mine := r.watcher(ours, socket)
	a := atLeast("many watchers, "+form+": kube-apiserver's server CPU", ratio(r.watcher(theirs, socket).cpu, mine.cpu), 4, "≥ 4×")
	a.met = a.met && mine.correct == r.options.watchers
	return a
}

// atLeast is an aim for a ratio, which is no number where a side was not measured.
func atLeast(of string, got, least float64, want string) aim {
	return aim{of: of, want: want, got: times(got), measured: times(got) != none, met: got >= least}
}

// under is an aim for a median.
func under(of string, all []time.Duration, most time.Duration) aim {
	got := median(all)
	return aim{of: of, want: "< " + millis(most), got: millis(got), measured: len(all) > 0, met: got < most}
}
