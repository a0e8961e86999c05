package httpapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/klauspost/compress/gzip"

	"github.com/k8cache/k8cache/internal/serialize"
)

const (
	// gzipFloor is the size in bytes up to which an API server does not compress.
	gzipFloor = 128 << 10
	// staleAfter is how long an API server may be silent before answers are marked stale: it sends a bookmark about
	// every minute.
	staleAfter = 90 * time.Second
)

// describe sets the headers that say where an answer came from and how old it is (RFC 9211, RFC 9111).
func describe(w http.ResponseWriter, r *http.Request, c Collection) {
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", "no-cache, private")
	header.Set("Cache-Status", "k8cache; hit")
	for _, warning := range c.Warnings {
		header.Add("Warning", warning)
	}
	header.Set("Age", strconv.Itoa(int(c.Age.Seconds())))
	if c.Err != nil || c.Age > staleAfter {
		header.Add("Warning", `299 - "k8cache: the API server cannot be heard, this answer may be stale"`)
	}
	recordOf(r.Context()).cache = "hit"
}

func writeList(w http.ResponseWriter, r *http.Request, list serialize.List, c Collection) error {
	describe(w, r, c)
	if wantsPretty(r) {
		var plain, indented bytes.Buffer
		_, _ = list.WriteTo(&plain) // into memory
		if err := json.Indent(&indented, bytes.TrimSuffix(plain.Bytes(), []byte("\n")), "", "  "); err != nil {
			return err
		}
		return writeBytes(w, r, indented.Bytes())
	}
	if size := list.Size(); !takesGzip(r.Header) || size <= gzipFloor {
		w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
		_, err := list.WriteTo(w)
		return severed(err)
	}
	compressed(w.Header(), list.GzipSize())
	_, err := list.WriteGzipTo(w)
	return severed(err)
}

// writeObject answers with one object's bytes.
func writeObject(w http.ResponseWriter, r *http.Request, object []byte, c Collection) error {
	describe(w, r, c)
	if wantsPretty(r) {
		var indented bytes.Buffer
		if err := json.Indent(&indented, object, "", "  "); err != nil {
			return err
		}
		return writeBytes(w, r, indented.Bytes())
	}
	return writeBytes(w, r, append(object, '\n'))
}

// writeBytes answers with a body made in memory.
func writeBytes(w http.ResponseWriter, r *http.Request, body []byte) error {
	if !takesGzip(r.Header) || len(body) <= gzipFloor {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, err := w.Write(body)
		return severed(err)
	}
	var packed bytes.Buffer
	zip, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	if err != nil {
		return err
	}
	if _, err := zip.Write(body); err != nil {
		return err
	}
	if err := zip.Close(); err != nil {
		return err
	}
	compressed(w.Header(), int64(packed.Len()))
	_, err = w.Write(packed.Bytes())
	return severed(err)
}

func compressed(header http.Header, size int64) {
	header.Set("Content-Encoding", "gzip")
	header.Set("Vary", "Accept-Encoding")
	header.Set("Content-Length", strconv.FormatInt(size, 10))
}

// severed cuts the connection where an answer failed after its first byte: what was sent must not look whole.
func severed(err error) error {
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	return nil
}
