package httpapi

import (
	"testing"
	"time"
)

func TestPace(t *testing.T) {
	for watches, want := range map[int]time.Duration{
		0: 0, 1: 0, 6: 0, 10: 1500 * time.Microsecond, 1000: paceMost, 20000: paceMost,
	} {
		if got := pace(watches); got != want {
			t.Errorf("%d watches: %s, want %s", watches, got, want)
		}
	}
}
