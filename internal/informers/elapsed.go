package informers

import (
	"math"
	"strings"
	"time"
)

// elapsed is a text that says how long ago something was, as HumanDuration of k8s.io/apimachinery writes it: where it
// stands in a cell, and from what duration up to what other it reads so.
type elapsed struct {
	from, to    int
	least, most time.Duration
}

// invalid is what stands in JSON for a time that has not come yet, by some seconds.
const invalid = `\u003cinvalid\u003e`

// tolerance is by how much a row may have been printed before it is read, the clock of the one that printed it included.
const tolerance = time.Minute

// findElapsed finds it in a cell that is one, or that ends with one in brackets: "3 (5m ago)".
func findElapsed(text string) (e elapsed, ok bool) {
	e.to = len(text)
	if before, inBrackets := strings.CutSuffix(text, " ago)"); inBrackets {
		e.from, e.to = strings.LastIndexByte(before, '(')+1, len(before)
	}
	e.least, e.most, ok = parseElapsed(text[e.from:e.to])
	return e, ok
}

// looksElapsed says whether a cell that nobody has examined may run with time.
func looksElapsed(text string) bool {
	text = strings.TrimSuffix(strings.TrimSuffix(text, ")"), " ago")
	_, _, ok := parseElapsed(text[strings.LastIndexAny(text, " (")+1:])
	return ok
}

// parseElapsed reads such texts as "5m", "3d4h" and "<invalid>".
func parseElapsed(text string) (least, most time.Duration, ok bool) {
	if text == invalid {
		return math.MinInt64 / 2, 0, true
	}
	number, digits := time.Duration(0), 0
	var unit time.Duration
	for _, c := range []byte(text) {
		if c >= '0' && c <= '9' && digits < 9 {
			number, digits = 10*number+time.Duration(c-'0'), digits+1
			continue
		}
		if unit = unitOf(c); unit == 0 || digits == 0 {
			return 0, 0, false
		}
		least += number * unit
		number, digits = 0, 0
	}
	return least, least + unit, unit > 0 && digits == 0
}

func unitOf(letter byte) time.Duration {
	const day = 24 * time.Hour
	switch letter {
	case 's':
		return time.Second
	case 'm':
		return time.Minute
	case 'h':
		return time.Hour
	case 'd':
		return day
	case 'y':
		return 365 * day
	}
	return 0
}

// covers says whether a duration, measured some time later, may have read so.
func (e elapsed) covers(d time.Duration) bool { return d > e.least-tolerance && d < e.most+tolerance }
