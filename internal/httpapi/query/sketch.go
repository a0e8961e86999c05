package query

// sketchPaths are what is kept of every object in a form that is quickly read:
// all that searches look at, and what lists are mostly sorted, filtered and
// counted by.
func sketchPaths() []string {
	return []string{
		"metadata.name", "metadata.namespace", "metadata.creationTimestamp", "metadata.deletionTimestamp", "metadata.labels",
		"spec.nodeName", "spec.replicas", "spec.type", "spec.suspend",
		"spec.containers[*].image", "spec.initContainers[*].image", "spec.ephemeralContainers[*].image",
		"spec.template.spec.containers[*].image", "spec.template.spec.initContainers[*].image",
		"spec.jobTemplate.spec.template.spec.containers[*].image", "spec.jobTemplate.spec.template.spec.initContainers[*].image",
		"status.phase", "status.reason", "status.message",
		"status.replicas", "status.readyReplicas", "status.availableReplicas", "status.updatedReplicas",
		"status.conditions[*].type", "status.conditions[*].status", "status.conditions[*].phase",
		"status.conditions[*].reason", "status.conditions[*].message",
		"status.containerStatuses[*].ready", "status.containerStatuses[*].restartCount",
		"type", "reason", "message", "note", "count", "lastTimestamp", "eventTime", // of events
	}
}

// sketchMask never changes once it is made.
var sketchMask = newSketchMask() //nolint:gochecknoglobals // as good as a constant

func newSketchMask() *mask {
	m := new(mask)
	for _, text := range sketchPaths() {
		p, err := ParsePath(text)
		if err != nil {
			panic(err) // a path of ours, which TestSketch reads
		}
		m.add(p.steps)
	}
	for _, list := range []string{"containerStatuses", "initContainerStatuses"} {
		for _, state := range []string{"waiting", "running", "terminated"} {
			for _, text := range []string{"reason", "message", "phase"} {
				m.add([]step{{name: "status"}, {name: list}, {kind: toEvery}, {name: "state"}, {name: state}, {name: text}})
			}
		}
	}
	m.member("metadata").member("annotations").short = true
	return m
}

// Sketch appends what queries look at most: see store.PackerOptions. Whether it
// is there changes how fast a query is, never its result.
func Sketch(dst, object []byte) []byte {
	dst, _, any := sketchMask.cut(dst, object, skipSpace(object, 0))
	if !any {
		return append(dst, "{}"...)
	}
	return dst
}

// sketched says whether what a path leads to is all in the sketch.
func sketched(p Path) bool {
	m := sketchMask
	for _, s := range p.steps {
		if m.whole {
			return true
		}
		next := m.every
		if s.kind == toMember {
			next = m.find(s.name)
		}
		if next == nil {
			return false
		}
		m = next
	}
	return m.whole
}

// find is the mask of a member, or nil.
func (m *mask) find(name string) *mask {
	for _, known := range m.members {
		if known.name == name {
			return known.mask
		}
	}
	return nil
}
