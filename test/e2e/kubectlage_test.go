package e2e

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// agesWithin says whether a run of kubectl printed what the ones before and after it did, but for ages, which lie between
// theirs. How far columns are apart depends on ages, too.
func agesWithin(before, got, after said) bool {
	if before.Code != got.Code || before.Err != got.Err || after.Code != got.Code || after.Err != got.Err {
		return false
	}
	lines, first, last := strings.Split(got.Out, "\n"), strings.Split(before.Out, "\n"), strings.Split(after.Out, "\n")
	if len(lines) != len(first) || len(lines) != len(last) {
		return false
	}
	for i, line := range lines {
		if !lineWithin(strings.Fields(first[i]), strings.Fields(line), strings.Fields(last[i])) {
			return false
		}
	}
	return true
}

func lineWithin(before, words, after []string) bool {
	if len(words) != len(before) || len(words) != len(after) {
		return false
	}
	for i, word := range words {
		if before[i] == word && after[i] == word {
			continue
		}
		first, is := printedAge(before[i])
		age, too := printedAge(word)
		last, all := printedAge(after[i])
		if !is || !too || !all || age < first || age > last {
			return false
		}
	}
	return true
}

var ageParts = regexp.MustCompile(`^\(?(?:(\d+)y)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$`)

// printedAge reads an age as kubectl prints it, such as 2m15s.
func printedAge(word string) (age time.Duration, ok bool) {
	const day = 24 * time.Hour
	parts := ageParts.FindStringSubmatch(word)
	for i, unit := range []time.Duration{365 * day, day, time.Hour, time.Minute, time.Second} {
		if parts != nil && parts[i+1] != "" {
			n, err := strconv.Atoi(parts[i+1])
			age, ok = age+time.Duration(n)*unit, err == nil
		}
	}
	return age, ok
}

func TestAgesWithin(t *testing.T) {
	before, after := said{Out: "NAME   AGE\na      2m1s\nb      3 (9m59s ago)\n"}, said{Out: "NAME   AGE\na   2m9s\nb   3 (10m ago)\n"}
	for out, want := range map[string]bool{
		"NAME AGE\na 2m5s\nb 3 (10m ago)\n": true, before.Out: true, after.Out: true,
		"NAME AGE\na 2m0s\nb 3 (10m ago)\n": false, "NAME AGE\na 2m10s\nb 3 (10m ago)\n": false, "NAME AGE\na 2m5s\n": false,
		"NAME AGE\na 2m5s\nb 4 (10m ago)\n": false, "NAME AGE\nc 2m5s\nb 3 (10m ago)\n": false, "NAME AGE\na 2m5s\nb 3 (11m ago)\n": false, "": false,
	} {
		if got := agesWithin(before, said{Out: out}, after); got != want {
			t.Errorf("%q: %t, want %t", out, got, want)
		}
	}
	if agesWithin(before, said{Out: before.Out, Code: 1}, after) {
		t.Error("a code that differs")
	}
}
