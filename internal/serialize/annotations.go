package serialize

import (
	"bytes"
	"slices"
)

// conversions are the annotations by which API servers carry fields of one
// version of a kind in another (pkg/apis in k8s.io/kubernetes). They write
// metadata alone before they convert, and so without these.
func (k Kind) conversions() []string {
	switch k.alone {
	case "apps/v1 DaemonSet":
		return []string{"deprecated.daemonset.template.generation"}
	case "apps/v1 Deployment":
		return []string{"deprecated.deployment.rollback.to"}
	case "autoscaling/v1 HorizontalPodAutoscaler":
		return []string{
			"autoscaling.alpha.kubernetes.io/behavior", "autoscaling.alpha.kubernetes.io/conditions",
			"autoscaling.alpha.kubernetes.io/current-metrics", "autoscaling.alpha.kubernetes.io/metrics",
		}
	}
	return nil
}

// public are the metadata of an object as they are written alone.
func (k Kind) public(raw []byte) []byte {
	hidden := k.conversions()
	if !slices.ContainsFunc(hidden, func(name string) bool { return bytes.Contains(raw, []byte(name)) }) {
		return raw
	}
	return without(raw, func(name string, value []byte) ([]byte, bool) {
		if name != "annotations" {
			return value, true
		}
		kept := without(value, func(name string, value []byte) ([]byte, bool) { return value, !slices.Contains(hidden, name) })
		return kept, len(kept) > len("{}")
	})
}

// without is an object with the members that keep keeps, as it returns them.
func without(raw []byte, keep func(name string, value []byte) ([]byte, bool)) []byte {
	out := append(make([]byte, 0, len(raw)), '{')
	for w := (walker{raw: raw}); ; {
		name, value, ok := w.next()
		if !ok {
			return append(out, '}')
		}
		if value, ok = keep(name, value); !ok {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(appendString(out, name), ':')
		out = append(out, value...)
	}
}
