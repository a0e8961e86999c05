package ui

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"time"
)

// Prefix is the path that the handler answers below.
const Prefix = "/ui/"

//go:embed static
var static embed.FS

// asset is one file as it is sent.
type asset struct {
	body        []byte
	contentType string
	etag        string
}

// New makes the handler. The error is one of the build: a file that has no content type.
func New() (http.Handler, error) {
	assets, err := load(static)
	if err != nil {
		return nil, fmt.Errorf("load the explorer: %w", err)
	}
	return protected(http.StripPrefix(Prefix, serve(assets))), nil
}

// load reads the files, each by the path below Prefix.
func load(files fs.FS) (map[string]asset, error) {
	assets := map[string]asset{}
	err := fs.WalkDir(files, "static", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		kind := contentType(name)
		if kind == "" {
			return fmt.Errorf("%s has no content type", name)
		}
		sum := sha256.Sum256(body)
		assets[strings.TrimPrefix(name, "static/")] = asset{body, kind, `"` + hex.EncodeToString(sum[:16]) + `"`}
		return nil
	})
	assets[""] = assets["index.html"]
	return assets, err
}

// contentType is a file's type. The system's own table is not asked, because it differs between machines.
func contentType(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	default:
		return ""
	}
}

func serve(assets map[string]asset) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "the explorer is only read", http.StatusMethodNotAllowed)
			return
		}
		file, ok := assets[r.URL.Path]
		if !ok {
			http.Error(w, "the explorer has no such file", http.StatusNotFound)
			return
		}
		header := w.Header()
		header.Set("Content-Type", file.contentType)
		header.Set("ETag", file.etag)
		// The files of two versions must not be mixed, so each is asked for again, by its hash.
		header.Set("Cache-Control", "no-cache")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(file.body))
	})
}
