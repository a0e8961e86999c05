package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// comparison is a gate run each way.
type comparison struct {
	gate
	outcomes []outcome
}

// differences are the tests that did not end as they did directly, with what went wrong.
func (c comparison) differences() []string {
	var lines []string
	direct := c.outcomes[0]
	for _, other := range c.outcomes[1:] {
		for _, name := range direct.names() {
			switch want, got := direct.specs[name], other.specs[name]; {
			case want.passed && !got.passed:
				lines = append(lines, fmt.Sprintf("%s: fails only by %s: %s", name, other.way.name, got.why))
			case !want.passed && got.passed:
				lines = append(lines, fmt.Sprintf("%s: passes by %s, and not by the %s: %s", name, other.way.name, direct.way.name, want.why))
			}
		}
	}
	return lines
}

// failures are the tests that fail directly.
func (c comparison) failures() []string {
	var names []string
	for _, name := range c.outcomes[0].names() {
		if !c.outcomes[0].specs[name].passed {
			names = append(names, name)
		}
	}
	return names
}

func (o outcome) names() []string { return slices.Sorted(maps.Keys(o.specs)) }

// markdown is the comparison as documents have it.
func (c comparison) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n\n%s.\n\n| | passed | of | took | requests from memory | passed on |\n|---|---|---|---|---|---|\n", c.name, c.about)
	for _, o := range c.outcomes {
		fmt.Fprintf(&b, "| %s | %d | %d | %s | %d | %d |\n", o.way.name, o.passed(), len(o.specs), o.took.Round(time.Second), o.answered.hits, o.answered.passed)
	}
	list(&b, "Different", c.differences())
	list(&b, "Failing without k8cache too", c.failures())
	list(&b, "Run", c.outcomes[0].names())
	return b.String() + "\n"
}

func list(b *strings.Builder, title string, names []string) {
	if len(names) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s:\n\n", title)
	for _, name := range names {
		fmt.Fprintf(b, "- %s\n", name)
	}
}
