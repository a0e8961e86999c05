package httpapi

import (
	"bufio"
	"bytes"
	"errors"
	"io"
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

// describe sets the headers that say what an answer is, where it came from and how old it is (RFC 9211, RFC 9111).
func (s *sight) describe(w http.ResponseWriter, r *http.Request) {
	header, c := w.Header(), s.collection
	header.Set("Content-Type", s.form.mediaType)
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

// answer sends what makes makes, or 304 to a client that has it already: the fingerprint stands for its content. Rights are
// looked at when all is made, right before the first byte.
func (s *sight) answer(w http.ResponseWriter, r *http.Request, c *Cluster, fingerprint uint64, makes func() (body, error)) error {
	tag := entityTag(r, s.form, fingerprint)
	known := knows(r, tag)
	var b body
	if !known {
		var err error
		if b, err = makes(); err != nil {
			return err
		}
	}
	if !c.Authorizer.Current(r.Context(), s.scope) {
		return errRightsMoved
	}
	s.describe(w, r)
	w.Header().Set("ETag", tag)
	if known {
		w.Header().Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	return b.send(w)
}

// body is an answer's body, made as far as is needed to know its size.
type body struct {
	size    int64
	gzip    bool
	writeTo func(io.Writer) (int64, error)
}

// listBody makes the body of a list, compressed where an API server would.
func listBody(r *http.Request, list serialize.List) (body, error) {
	if err := list.Make(r.Context()); r.Context().Err() != nil {
		panic(http.ErrAbortHandler) // the client is gone
	} else if err != nil {
		return body{}, notWritable(err)
	}
	size := list.Size()
	if takesGzip(r.Header) && size > gzipFloor {
		size = list.GzipSize()
		return body{size, true, gathered(size, list.WriteGzipTo)}, nil
	}
	return body{size, false, gathered(size, list.WriteTo)}, nil
}

// bytesBody makes the body of what is in memory as it is to be sent.
func bytesBody(r *http.Request, plain []byte) (body, error) {
	if !takesGzip(r.Header) || len(plain) <= gzipFloor {
		return body{int64(len(plain)), false, bytes.NewReader(plain).WriteTo}, nil
	}
	var packed bytes.Buffer
	zip, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	if err != nil {
		return body{}, err
	}
	if _, err := zip.Write(plain); err != nil {
		return body{}, err
	}
	if err := zip.Close(); err != nil {
		return body{}, err
	}
	return body{int64(packed.Len()), true, packed.WriteTo}, nil
}

// send writes the body, its headers first.
func (b body) send(w http.ResponseWriter) error {
	header := w.Header()
	if b.gzip {
		header.Set("Content-Encoding", "gzip")
		header.Set("Vary", "Accept-Encoding")
	}
	header.Set("Content-Length", strconv.FormatInt(b.size, 10))
	return stream(w, b.writeTo)
}

// writeBytes answers with a body made in memory.
func writeBytes(w http.ResponseWriter, r *http.Request, plain []byte) error {
	b, err := bytesBody(r, plain)
	if err != nil {
		return err
	}
	return b.send(w)
}

// gather is how many bytes of a list are put together before they are written. A list comes in pieces of some kilobytes
// and commas between, and each write takes TLS records and system calls of its own. The gzip list of 10,000 pods (4.9 MB),
// server CPU:
//
//	as they come   3.9 ms
//	      16 KiB   2.8 ms
//	      64 KiB   2.7 ms
//	     256 KiB   2.8 ms
const gather = 64 << 10

// gathered puts together what a list of some size writes.
func gathered(size int64, writeTo func(io.Writer) (int64, error)) func(io.Writer) (int64, error) {
	return func(w io.Writer) (int64, error) {
		buffer := bufio.NewWriterSize(w, int(min(size, gather)))
		n, err := writeTo(buffer)
		return n, errors.Join(err, buffer.Flush())
	}
}

// stream writes a body whose length has been announced. A client that takes nothing of it for a while, or an answer
// that fails after its first byte, has the connection cut: what was sent must not look whole.
func stream(w http.ResponseWriter, writeTo func(io.Writer) (int64, error)) error {
	control := http.NewResponseController(w)
	if _, err := writeTo(deadlined{w, control}); err != nil {
		panic(http.ErrAbortHandler)
	}
	_ = control.SetWriteDeadline(time.Time{}) // the connection may live on
	return nil
}
