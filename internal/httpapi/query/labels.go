package query

import (
	"k8s.io/apimachinery/pkg/labels"
)

// labelsPath is where labels stand.
func labelsPath() Path {
	steps := []step{{name: "metadata"}, {name: "labels"}}
	return Path{steps: steps, text: canonical(steps)}
}

// labelsOf reads labels from raw JSON. What is no text is no label.
func labelsOf(raw string) labels.Set {
	set := labels.Set{}
	members([]byte(raw), func(name, value []byte) bool {
		if len(value) > 0 && value[0] == '"' {
			if key := unquote(name); !set.Has(key) {
				set[key] = unquote(value)
			}
		}
		return true
	})
	return set
}
