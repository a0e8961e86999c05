package httpapi

import (
	"bufio"
	"errors"
	"net/http"
	"time"
)

const (
	// stalled is how long a client may take nothing of a stream before it is cut off.
	stalled = 30 * time.Second
	// streamBuffer is how many bytes of a stream are gathered before they are sent.
	streamBuffer = 16 << 10
)

// sink takes a watch's events in one of the forms in which API servers send them. Events are gathered until flush.
type sink interface {
	// event takes one line; it is the caller's again when event returns.
	event(line []byte)
	flush() error
	failed() bool
	// close ends the stream; the error says why it ends.
	close(err error)
}

// newSink begins the answer. An error is the answer's Status.
func newSink(w http.ResponseWriter, r *http.Request) (sink, error) {
	if r.Header.Get("Upgrade") != "" {
		return newSocket(w, r)
	}
	s := &chunks{control: http.NewResponseController(w)}
	s.buffer = bufio.NewWriterSize(deadlined{w, s.control}, streamBuffer)
	w.WriteHeader(http.StatusOK)
	return s, s.flush()
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
	err     error
}

var _ sink = (*chunks)(nil)

func (s *chunks) event(line []byte) {
	if s.err == nil {
		_, s.err = s.buffer.Write(line)
	}
}

func (s *chunks) flush() error {
	if s.err == nil {
		s.err = s.buffer.Flush()
	}
	if s.err == nil {
		s.err = s.control.Flush()
	}
	return s.err
}

func (s *chunks) failed() bool { return s.err != nil }

// close ends the body. A client that was too slow is cut off, so that it does not take the stream for whole.
func (s *chunks) close(err error) {
	flushed := s.flush()
	_ = s.control.SetWriteDeadline(time.Time{}) // the connection may live on
	if flushed != nil || errors.Is(err, errGone) {
		panic(http.ErrAbortHandler)
	}
}

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
