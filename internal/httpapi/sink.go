package httpapi

import (
	"bufio"
	"errors"
	"io"
	"net/http"
	"time"
)

// streamBuffer is how many bytes of a stream are gathered before they are sent.
const streamBuffer = 16 << 10

// sink takes a watch's events in one of the forms in which API servers send them. Events are gathered until flush.
type sink interface {
	// event takes one line; it is the caller's again when event returns.
	event(line []byte)
	flush() error
	failed() bool
	// close ends the stream; the error says why it ends.
	close(err error)
	// drop lets go of what a handler has to let go of itself, even if it panics before close.
	drop()
}

// newSink begins the answer, compressed if it may be. An error is the answer's Status.
func (a *api) newSink(w http.ResponseWriter, r *http.Request, zip bool) (sink, error) {
	if r.Header.Get("Upgrade") != "" {
		return newSocket(w, r)
	}
	s := &chunks{control: http.NewResponseController(w)}
	var to io.Writer = deadlined{w, s.control}
	if r.ProtoMajor == 1 && corkOf(r.Context()) != nil {
		s.cork, to = corkOf(r.Context()), w
	}
	if s.buffer = bufio.NewWriterSize(to, streamBuffer); zip && takesGzip(r.Header) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Vary", "Accept-Encoding")
		s.buffer = bufio.NewWriterSize(zipper{to, a.zippers}, zipBuffer)
	}
	w.WriteHeader(http.StatusOK)
	return s, s.control.Flush()
}

// tallied counts events for the log.
type tallied struct {
	sink
	rec *record
}

func (t tallied) event(line []byte) {
	t.rec.items++
	t.sink.event(line)
}

// chunks is a stream of JSON lines.
type chunks struct {
	buffer  *bufio.Writer
	control *http.ResponseController
	cork    *cork
	dirty   bool // something was written since the last flush
	err     error
}

var _ sink = (*chunks)(nil)

func (s *chunks) event(line []byte) {
	if s.err == nil {
		s.dirty = true
		s.cork.hold()
		_, s.err = s.buffer.Write(line)
	}
}

func (s *chunks) flush() error {
	if s.err != nil || !s.dirty {
		return s.err
	}
	s.dirty = false
	if s.err = s.buffer.Flush(); s.err == nil {
		s.err = s.control.Flush()
	}
	if err := s.cork.release(); s.err == nil {
		s.err = err
	}
	if s.err == nil && s.cork == nil {
		s.err = s.forgetDeadline()
	}
	return s.err
}

// forgetDeadline keeps a deadline from ending what comes later on the connection, and over HTTP/2, where one that passes
// ends even a stream that has nothing to send, the stream itself.
func (s *chunks) forgetDeadline() error { return s.control.SetWriteDeadline(time.Time{}) }

func (s *chunks) failed() bool { return s.err != nil }

// close ends the body. A client that was too slow is cut off, so that it does not take the stream for whole.
func (s *chunks) close(err error) {
	flushed := s.flush()
	_ = s.forgetDeadline()
	if flushed != nil || errors.Is(err, errGone) {
		panic(http.ErrAbortHandler)
	}
}

// drop has nothing to do: net/http closes the connection of a handler that panics.
func (*chunks) drop() {}

// deadlined gives each write its time.
type deadlined struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (d deadlined) Write(p []byte) (int, error) {
	if err := d.control.SetWriteDeadline(time.Now().Add(stalled)); err != nil {
		return 0, err
	}
	return d.ResponseWriter.Write(p)
}
