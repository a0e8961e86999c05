package main

import (
	"math"
	"testing"
	"time"
)

func TestMedian(t *testing.T) {
	for name, test := range map[string]struct {
		values []time.Duration
		want   time.Duration
	}{
		"of nothing is zero":               {nil, 0},
		"of one is that one":               {[]time.Duration{7}, 7},
		"of an odd number is the middle":   {[]time.Duration{9, 1, 5}, 5},
		"of an even number is in between":  {[]time.Duration{10, 1, 4, 2}, 3},
		"does not mind what lies far off":  {[]time.Duration{1, 2, 3, 4, 1e12}, 3},
		"goes below zero like any other":   {[]time.Duration{-3, -1, -2}, -2},
		"of equal ones is one of them":     {[]time.Duration{4, 4, 4, 4}, 4},
		"takes values in whatever order":   {[]time.Duration{5, 4, 3, 2, 1}, 3},
		"of two is the mean, rounded down": {[]time.Duration{1, 2}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			given := append([]time.Duration(nil), test.values...)
			if got := median(test.values); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
			for i := range given {
				if given[i] != test.values[i] {
					t.Fatal("the values were put in another order")
				}
			}
		})
	}
}

func TestPercentile(t *testing.T) {
	var hundred []float64
	for i := range 100 {
		hundred = append(hundred, float64(100-i))
	}
	for name, test := range map[string]struct {
		values  []float64
		p, want float64
	}{
		"of nothing is zero":            {nil, 99, 0},
		"99 of a hundred is the second": {hundred, 99, 99},
		"100 is the greatest":           {hundred, 100, 100},
		"0 is the least":                {hundred, 0, 1},
		"99 of few is the greatest":     {[]float64{3, 1, 2}, 99, 3},
		"50 of four is the second":      {[]float64{1, 2, 3, 4}, 50, 2},
	} {
		t.Run(name, func(t *testing.T) {
			if got := percentile(test.values, test.p); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestMedianOfOneFigure(t *testing.T) {
	samples := []sample{{bytes: 3, cpu: 1}, {bytes: 1, cpu: 2}, {bytes: 2, cpu: 9}}
	if got := medianOf(samples, func(s sample) int64 { return s.bytes }); got != 2 {
		t.Errorf("got %d bytes, want 2", got)
	}
	if got := medianOf(samples, func(s sample) time.Duration { return s.cpu }); got != 2 {
		t.Errorf("got %d, want 2", got)
	}
}

func TestRatio(t *testing.T) {
	if got := ratio(time.Second, 10*time.Millisecond); got != 100 {
		t.Errorf("got %v, want 100", got)
	}
	if got := ratio(1.0, 0); !math.IsNaN(got) {
		t.Errorf("got %v for what cannot be divided, want not a number", got)
	}
}
