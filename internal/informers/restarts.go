package informers

import (
	"time"

	"github.com/tidwall/gjson"
)

// lastRestart is when a container of a pod last ended before it was started again, as far as its Restarts column counts
// it (printPod). While init containers run, that is one of them; later only those that stay count, and the others.
func lastRestart(pod gjson.Result) time.Time {
	stays := map[string]bool{} // init containers that run beside the others (KEP-753)
	pod.Get("spec.initContainers").ForEach(func(_, c gjson.Result) bool {
		stays[c.Get("name").String()] = c.Get("restartPolicy").String() == "Always"
		return true
	})
	var ofAll, ofStaying time.Time
	initializing := false
	pod.Get("status.initContainerStatuses").ForEach(func(_, c gjson.Result) bool {
		ofAll = later(ofAll, c)
		stay := stays[c.Get("name").String()]
		if stay {
			ofStaying = later(ofStaying, c)
		}
		initializing = !hasEndedWell(c) && (!stay || !c.Get("started").Bool())
		return !initializing
	})
	if initializing && pod.Get(`status.conditions.#(type=="Initialized").status`).String() != "True" {
		return ofAll
	}
	pod.Get("status.containerStatuses").ForEach(func(_, c gjson.Result) bool {
		ofStaying = later(ofStaying, c)
		return true
	})
	return ofStaying
}

// hasEndedWell says whether a container has done its work.
func hasEndedWell(container gjson.Result) bool {
	ended := container.Get("state.terminated")
	return ended.IsObject() && ended.Get("exitCode").Int() == 0
}

// later is the later of a time and that at which a container ended last.
func later(t time.Time, container gjson.Result) time.Time {
	if ended := timeOf(container.Get("lastState.terminated.finishedAt")); ended.After(t) {
		return ended
	}
	return t
}
