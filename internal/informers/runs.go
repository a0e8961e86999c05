package informers

import (
	"cmp"
	"time"

	"github.com/tidwall/gjson"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// runsSince is since when what a column of a built-in kind says has been running; nil where it does not. This is all
// that prints an age in pkg/printers/internalversion/printers.go of k8s.io/kubernetes 1.37, in the order of that file,
// but for evictions, which are not understood.
func runsSince(gr schema.GroupResource, column string) func(gjson.Result) time.Time {
	if column == "Age" { // of all kinds
		return at("metadata.creationTimestamp")
	}
	switch gr.String() + " " + column {
	case "pods Restarts":
		return lastRestart
	case "jobs.batch Duration":
		return jobStart
	case "cronjobs.batch Last Schedule":
		return at("status.lastScheduleTime")
	case "events First Seen", "events.events.k8s.io First Seen":
		return firstSeen
	case "events Last Seen", "events.events.k8s.io Last Seen":
		return lastSeen
	case "ipaddresses.networking.k8s.io " + undefined:
		return at("metadata.creationTimestamp")
	case "resourcepoolstatusrequests.resource.k8s.io Completed":
		return at(`status.conditions.#(type=="Complete").lastTransitionTime`)
	case "devicetaintrules.resource.k8s.io TimeAdded":
		return at("spec.taint.timeAdded")
	}
	return nil
}

// at reads the first of some fields that holds a time.
func at(paths ...string) func(gjson.Result) time.Time {
	return func(object gjson.Result) time.Time {
		for _, path := range paths {
			if t := timeOf(object.Get(path)); !t.IsZero() {
				return t
			}
		}
		return time.Time{}
	}
}

func timeOf(value gjson.Result) time.Time {
	t, err := time.Parse(time.RFC3339, value.String())
	if err != nil {
		return time.Time{}
	}
	return t
}

// jobStart is since when a job has been running (printJob): one that has completed is not.
func jobStart(job gjson.Result) time.Time {
	if !timeOf(job.Get("status.completionTime")).IsZero() {
		return time.Time{}
	}
	return timeOf(job.Get("status.startTime"))
}

// firstSeen and lastSeen of an event in either group (printEvent).
func firstSeen(event gjson.Result) time.Time {
	return at("firstTimestamp", "deprecatedFirstTimestamp", "eventTime")(event)
}

func lastSeen(event gjson.Result) time.Time {
	if series := event.Get("series"); series.IsObject() {
		return timeOf(series.Get("lastObservedTime"))
	}
	last := at("lastTimestamp", "deprecatedLastTimestamp")(event)
	return cmp.Or(last, firstSeen(event))
}
