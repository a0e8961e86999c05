package main

import (
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTableIsMarkdown(t *testing.T) {
	var got table
	got.row("server", "time", "×")
	got.row("k8cache", "3.10 ms", "320×")
	got.row("größer", "–")
	want := "" +
		"| server  |    time |    × |\n" +
		"|---------|--------:|-----:|\n" +
		"| k8cache | 3.10 ms | 320× |\n" +
		"| größer  |       – |      |\n"
	if diff := cmp.Diff(want, got.markdown()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestFiguresHaveThreeDigits(t *testing.T) {
	got := []string{
		number(0), number(0.123), number(1.239), number(12.39), number(123.9), number(12345), number(-0.5),
		number(math.NaN()), number(math.Inf(1)), times(2), times(math.NaN()),
		millis(1500 * time.Microsecond), seconds(90 * time.Millisecond), megabytes(3_050_000),
	}
	want := []string{
		"0", "0.12", "1.24", "12.4", "124", "12345", "-0.50", "–", "–", "2.00×", "–", "1.50 ms", "0.09 s", "3.05 MB",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
