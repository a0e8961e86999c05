package main

import "strconv"

// listGrowth is what lists cost in worlds of different size; nothing if there was only one.
func (r *report) listGrowth() table {
	t := table{{
		"pods", "gzip list takes", "kube-apiserver's", "ratio", "unpacked by the client", "kube-apiserver's", "ratio",
		"gzip list, server CPU", "kube-apiserver's", "ratio", "sent", "after 1 % changed, server CPU", "kube-apiserver's", "ratio",
		"server CPU a change",
	}}
	for _, pods := range r.grown() {
		one, unpacked := listCase{pods, true, 1, false}, listCase{pods, true, 1, true}
		ownUnpacked, apiUnpacked := find(r.lists, unpacked, ours), find(r.lists, unpacked, theirs)
		own, api := find(r.lists, one, ours), find(r.lists, one, theirs)
		ownAfter, apiAfter := r.change(pods, ours), r.change(pods, theirs)
		t.row(strconv.Itoa(pods), millis(own.each), millis(api.each), times(ratio(api.each, own.each)),
			millis(ownUnpacked.each), millis(apiUnpacked.each), times(ratio(apiUnpacked.each, ownUnpacked.each)),
			millis(own.cpu), millis(api.cpu), times(ratio(api.cpu, own.cpu)), megabytes(own.bytes),
			millis(ownAfter.cpu), millis(apiAfter.cpu), times(ratio(apiAfter.cpu, ownAfter.cpu)), millis(ownAfter.absorb))
	}
	return t
}

// syncGrowth is what memory and sync cost in them.
func (r *report) syncGrowth() table {
	t := table{{
		"pods", "synced after", "bare reader's", "heap after GC", "for a pod", "resident at most", "typed informer's heap", "dynamic informer's",
	}}
	for _, pods := range r.grown() {
		mine := findSync(r.syncs, pods, ours)
		t.row(strconv.Itoa(pods), seconds(mine.Took), seconds(findSync(r.syncs, pods, bare).Took), megabytes(mine.Heap),
			number(float64(mine.Heap)/float64(pods)/1000)+" kB", megabytes(mine.Peak),
			megabytesOrNone(findSync(r.syncs, pods, typed).Heap), megabytesOrNone(findSync(r.syncs, pods, dynamic).Heap))
	}
	return t
}

// grown are the numbers of pods, if there is more than one to compare.
func (r *report) grown() []int {
	if all := r.options.worlds(); len(all) > 1 {
		return all
	}
	return nil
}
