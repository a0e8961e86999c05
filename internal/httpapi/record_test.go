package httpapi

import (
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// documented reads the fields of the log line, and the values of one of them, out of their contract.
func documented(t *testing.T, pattern string) []string {
	t.Helper()
	page, err := os.ReadFile("../../docs/security.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(page), "## The log line\n")
	if !ok {
		t.Fatal("docs/security.md has no section on the log line")
	}
	section, _, _ = strings.Cut(section, "\n## ")
	var found []string
	for _, match := range regexp.MustCompile(pattern).FindAllStringSubmatch(section, -1) {
		found = append(found, match[1])
	}
	return found
}

// passesNothing is an authenticator under which nothing is passed on.
type passesNothing struct{ Authenticator }

func (passesNothing) Pass(*http.Request) error { return apierrors.NewUnauthorized("Unauthorized") }

// TestThreat42_TheLogLineIsShort has a path as long as a request may have.
func TestThreat42_TheLogLineIsShort(t *testing.T) {
	core, lines := observer.New(zap.InfoLevel)
	handler := New(Options{Log: zap.New(core), Clusters: map[string]*Cluster{"c": {Authenticator: passesNothing{}}}})
	long := strings.Repeat("a", 100_000)
	path := "/clusters/c/apis/" + strings.Join([]string{long, long, "namespaces", long, long, long, long}, "/")
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	for _, line := range lines.All() {
		for _, field := range line.Context {
			if len(field.String) > 256 {
				t.Errorf("%s has %d bytes", field.Key, len(field.String))
			}
			if field.Key == "decision" && field.String != string(denied) {
				t.Errorf("the decision is %q", field.String)
			}
		}
	}
	if lines.Len() != 1 {
		t.Errorf("%d lines", lines.Len())
	}
}

// TestThreat42_TheLogLineIsAsDocumented holds the table in docs/security.md and the code together: the same fields in the
// same order, and the same decisions.
func TestThreat42_TheLogLineIsAsDocumented(t *testing.T) {
	core, lines := observer.New(zap.InfoLevel)
	handler := New(Options{Log: zap.New(core)})
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/clusters/none/api/v1/namespaces/secret-ns/secrets/secret-name?secret=query", nil)
	request.Header.Set("Authorization", "Bearer secret-token")
	handler.ServeHTTP(httptest.NewRecorder(), request)
	var fields []string
	for _, line := range lines.All() {
		if line.Message != "request" {
			t.Errorf("a line says %q", line.Message)
		}
		for _, field := range line.Context {
			fields = append(fields, field.Key)
			if strings.Contains(field.String, "secret-") {
				t.Errorf("%s says %q", field.Key, field.String)
			}
		}
	}
	if diff := cmp.Diff(documented(t, "(?m)^\\| `([a-z]+)` \\|"), fields); diff != "" {
		t.Errorf("fields (-documented +logged):\n%s", diff)
	}
	decisions := []string{string(allowed), string(allowedPart), string(denied), string(byTheCluster), string(undecided)}
	told := documented(t, "`(allow|part|deny|cluster|none)`: ")
	slices.Sort(decisions)
	slices.Sort(told)
	if diff := cmp.Diff(told, decisions); diff != "" {
		t.Errorf("decisions (-documented +logged):\n%s", diff)
	}
}
