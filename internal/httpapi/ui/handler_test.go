package ui

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

func ask(t *testing.T, method, path string, headers ...string) *http.Response {
	t.Helper()
	handler, err := New()
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(method, path, http.NoBody)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Result()
}

// strict are the headers of every answer.
var strict = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
		"worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
		"require-trusted-types-for 'script'; trusted-types k8cache-worker",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Referrer-Policy":              "no-referrer",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
}

func TestHeadersOfEveryAnswer(t *testing.T) {
	for _, test := range []struct {
		method, path string
		code         int
		contentType  string
	}{
		{http.MethodGet, "/ui/", http.StatusOK, "text/html; charset=utf-8"},
		{http.MethodHead, "/ui/", http.StatusOK, "text/html; charset=utf-8"},
		{http.MethodGet, "/ui/index.html", http.StatusOK, "text/html; charset=utf-8"},
		{http.MethodGet, "/ui/app.js", http.StatusOK, "text/javascript; charset=utf-8"},
		{http.MethodGet, "/ui/worker.js", http.StatusOK, "text/javascript; charset=utf-8"},
		{http.MethodGet, "/ui/style.css", http.StatusOK, "text/css; charset=utf-8"},
		{http.MethodGet, "/ui/icon.svg", http.StatusOK, "image/svg+xml"},
		{http.MethodGet, "/ui/none.js", http.StatusNotFound, "text/plain; charset=utf-8"},
		{http.MethodGet, "/ui/../handler.go", http.StatusNotFound, "text/plain; charset=utf-8"},
		{http.MethodGet, "/ui/static/index.html", http.StatusNotFound, "text/plain; charset=utf-8"},
		{http.MethodGet, "/", http.StatusNotFound, "text/plain; charset=utf-8"},
		{http.MethodPost, "/ui/", http.StatusMethodNotAllowed, "text/plain; charset=utf-8"},
	} {
		answer := ask(t, test.method, test.path)
		_ = answer.Body.Close()
		if answer.StatusCode != test.code || answer.Header.Get("Content-Type") != test.contentType {
			t.Errorf("%s %s: got %d, %s", test.method, test.path, answer.StatusCode, answer.Header.Get("Content-Type"))
		}
		got := map[string]string{}
		for name := range strict {
			got[name] = answer.Header.Get(name)
		}
		if diff := cmp.Diff(strict, got); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", test.method, test.path, diff)
		}
	}
}

func TestFilesAreAskedForAgainByTheirHash(t *testing.T) {
	answer := ask(t, http.MethodGet, "/ui/app.js")
	_ = answer.Body.Close()
	etag := answer.Header.Get("ETag")
	if answer.Header.Get("Cache-Control") != "no-cache" || len(etag) != 34 || etag[0] != '"' {
		t.Errorf("got Cache-Control %q and ETag %s", answer.Header.Get("Cache-Control"), etag)
	}
	for match, code := range map[string]int{etag: http.StatusNotModified, `"another"`: http.StatusOK} {
		answer := ask(t, http.MethodGet, "/ui/app.js", "If-None-Match", match)
		_ = answer.Body.Close()
		if answer.StatusCode != code || answer.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("If-None-Match %s: got %d, want %d with the policy", match, answer.StatusCode, code)
		}
	}
}

func TestFileWithoutContentTypeIsAnError(t *testing.T) {
	_, err := load(fstest.MapFS{"static/index.html": {}, "static/app.wasm": {}})
	if err == nil || !strings.Contains(err.Error(), "app.wasm") {
		t.Errorf("got %v, want an error that names the file", err)
	}
}

// TestScriptsMakeNoMarkup looks for what turns texts into markup or code, and for what keeps a token.
func TestScriptsMakeNoMarkup(t *testing.T) {
	forbidden := []string{
		"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "createContextualFragment", "setHTMLUnsafe",
		"eval(", "new Function", "javascript:", "localStorage", "sessionStorage", "document.cookie", "indexedDB", "http://", "console.",
	}
	err := fs.WalkDir(static, "static", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(name, ".svg") {
			return err
		}
		content, err := fs.ReadFile(static, name)
		for _, word := range forbidden {
			if strings.Contains(string(content), word) {
				t.Errorf("%s: %s", name, word)
			}
		}
		if lines := strings.Count(string(content), "\n"); lines > 250 {
			t.Errorf("%s has %d lines", name, lines)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestPageHasNoInlineCode, because the policy would stop it.
func TestPageHasNoInlineCode(t *testing.T) {
	page, err := fs.ReadFile(static, "static/index.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, inline := range []string{"<style", " style=", " onclick=", " onload=", "<script>", " name="} {
		if text := strings.ReplaceAll(string(page), "<meta name=", ""); strings.Contains(text, inline) {
			t.Errorf("index.html has %s", inline)
		}
	}
}
