package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Ages and times to live are differences of moments that carry a monotonic reading, so no jump of the clock moves them.
// A moment without one comes from these functions of package time, methods and fields; In, Round and Truncate, which
// cannot be told by their names from those of others, are not used on moments.
var (
	wallFunctions = names("Unix", "UnixMilli", "UnixMicro", "Date", "Parse", "ParseInLocation")
	wallMembers   = names("Unix", "UnixMilli", "UnixMicro", "UnixNano", "UTC", "AddDate", "Format", "MarshalJSON", "MarshalText", "ModTime", "NotAfter", "NotBefore")
)

func names(of ...string) map[string]bool {
	set := map[string]bool{}
	for _, name := range of {
		set[name] = true
	}
	return set
}

// onTheWall are the places that are about the wall clock, and why.
var onTheWall = map[string]string{
	"internal/informers/printer.go UnixNano":    "a table's ages count from the times in the objects, which are another machine's",
	"internal/informers/runs.go Parse":          "the same",
	"internal/serialize/row.go Unix":            "the same",
	"internal/rbac/authn/lifetime.go UnixMilli": "a token's own end, which only ever shortens how long it is remembered",
	"cmd/k8cache/authorities.go ModTime":        "whether a file is another, by equality",
	"cmd/k8cache/tls.go NotAfter":               "a certificate's own end",
	"internal/httpapi/query/value.go Parse":     "a time in an object, which lists are sorted by",
	"internal/httpapi/query/value.go Unix":      "the same, as a number to compare",
}

// TestThreat37_AgesAreMeasuredOnTheMonotonicClock looks for every use of the wall clock in the product's code.
func TestThreat37_AgesAreMeasuredOnTheMonotonicClock(t *testing.T) {
	found := map[string]string{}
	for _, root := range []string{"../../internal", "."} {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			return wallClockIn(path, found)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if diff := cmp.Diff(onTheWall, found); diff != "" {
		t.Errorf("uses of the wall clock (-known +found); an age or a time to live must not be among them:\n%s", diff)
	}
}

func wallClockIn(path string, found map[string]string) error {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	var imports bool
	for _, spec := range file.Imports {
		imports = imports || spec.Path.Value == `"time"`
	}
	name := strings.TrimPrefix(filepath.ToSlash(path), "../../")
	if !strings.Contains(name, "/") {
		name = "cmd/k8cache/" + name
	}
	ast.Inspect(file, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok || !imports {
			return true
		}
		wall := wallMembers
		if of, ok := selector.X.(*ast.Ident); ok && of.Name == "time" {
			wall = wallFunctions
		}
		if wall[selector.Sel.Name] {
			use := name + " " + selector.Sel.Name
			found[use] = onTheWall[use]
		}
		return true
	})
	return nil
}
