package main

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"
)

// table is a table of text, the first row its head.
type table [][]string

// row adds a row.
func (t *table) row(cells ...string) { *t = append(*t, cells) }

// markdown writes the table with aligned columns: the first one to the left, the others, which are figures, to the right.
func (t table) markdown() string {
	var out strings.Builder
	widths := t.widths()
	for i, row := range t {
		out.WriteByte('|')
		for column, width := range widths {
			out.WriteString(" " + pad(cell(row, column), width, column > 0) + " |")
		}
		out.WriteByte('\n')
		if i == 0 {
			out.WriteString(rule(widths))
		}
	}
	return out.String()
}

func (t table) widths() []int {
	var widths []int
	for _, row := range t {
		for column, text := range row {
			if column == len(widths) {
				widths = append(widths, 3)
			}
			widths[column] = max(widths[column], utf8.RuneCountInString(text))
		}
	}
	return widths
}

func cell(row []string, column int) string {
	if column < len(row) {
		return row[column]
	}
	return ""
}

func pad(text string, width int, right bool) string {
	blanks := strings.Repeat(" ", width-utf8.RuneCountInString(text))
	if right {
		return blanks + text
	}
	return text + blanks
}

// rule is the line below the head, which says how columns are aligned.
func rule(widths []int) string {
	var out strings.Builder
	out.WriteByte('|')
	for column, width := range widths {
		line := strings.Repeat("-", width+2)
		if column > 0 {
			line = line[1:] + ":"
		}
		out.WriteString(line + "|")
	}
	return out.String() + "\n"
}

// none stands where there is no figure.
const none = "–"

// number writes a figure with three digits that count, or as many as it has before the point.
func number(value float64) string {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return none
	}
	switch size := math.Abs(value); {
	case size >= 100 || size == 0:
		return fmt.Sprintf("%.0f", value)
	case size >= 10:
		return fmt.Sprintf("%.1f", value)
	default:
		return fmt.Sprintf("%.2f", value)
	}
}

// times writes a ratio.
func times(value float64) string {
	if text := number(value); text != none {
		return text + "×"
	}
	return none
}

// millis writes a time.
func millis(d time.Duration) string { return number(float64(d)/float64(time.Millisecond)) + " ms" }

// micros writes a time of another order.
func micros(d time.Duration) string { return number(float64(d)/float64(time.Microsecond)) + " µs" }

// seconds writes a time of another order.
func seconds(d time.Duration) string { return number(d.Seconds()) + " s" }

// megabytes writes a size, in millions of bytes.
func megabytes(bytes int64) string { return number(float64(bytes)/1e6) + " MB" }

// megabytesOrNone is for what may not have been measured.
func megabytesOrNone(bytes int64) string {
	if bytes == 0 {
		return none
	}
	return megabytes(bytes)
}
