package informers

import (
	_ "embed"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

//go:embed examined.txt
var examined string

// isExamined says whether it is known that a column of a built-in kind does not run with time.
func isExamined(gr schema.GroupResource, column string) bool {
	for line := range strings.Lines(examined) {
		if columns, ok := strings.CutPrefix(line, gr.String()+": "); ok {
			return slices.Contains(strings.Split(strings.TrimSpace(columns), ", "), column)
		}
	}
	return false
}
