package informers

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/tidwall/gjson"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"

	"github.com/k8cache/k8cache/internal/serialize"
)

const (
	// silence is how long a watch may say nothing before it is asked for anew from where it stood. An API server sends a
	// bookmark about every minute (KEP-956), but none where nothing has moved, as on an idle cluster; a connection that is
	// alive below HTTP tells nothing about the stream on it. That the watch is taken up again tells.
	silence = 65 * time.Second
	// maxEvent bounds one event, in bytes. etcd takes objects of 1.5 MiB, custom resources grow to about twice that.
	maxEvent = 32 << 20
)

// errEventTooLong says that an API server sent an event over maxEvent.
var errEventTooLong = fmt.Errorf("watch event longer than %d bytes", maxEvent)

// item carries an event's object through the Reflector, which asks it for nothing but its version and annotations.
type item struct {
	object      serialize.Object
	version     string
	annotations map[string]string
}

var (
	_ runtime.Object            = (*item)(nil)
	_ metav1.ObjectMetaAccessor = (*item)(nil)
)

// GetObjectKind says nothing: the kind stays inside the bytes.
func (*item) GetObjectKind() schema.ObjectKind { return schema.EmptyObjectKind }

// DeepCopyObject returns the item itself: it is never changed.
func (i *item) DeepCopyObject() runtime.Object { return i }

// GetObjectMeta gives the Reflector the version to resume from.
func (i *item) GetObjectMeta() metav1.Object {
	return &metav1.ObjectMeta{ResourceVersion: i.version, Annotations: i.annotations}
}

// stream turns one watch response into events. Its goroutine ends with the body, and Stop waits for that.
type stream struct {
	body   io.ReadCloser
	tell   listener
	room   []byte // the last line's memory
	events chan watch.Event
	stop   context.CancelFunc
	done   <-chan struct{} // closed by stop
	ended  sync.WaitGroup
}

var _ watch.Interface = (*stream)(nil)

// listener is told what is not for the Reflector.
type listener struct {
	read    func(object []byte) (serialize.Object, error)        // reads an event's object
	initial func(serialize.Object) error                         // takes the initial events; nil where none are asked for
	alive   func()                                               // the API server was heard
	mark    func(object []byte) (metadata gjson.Result, _ error) // takes a bookmark's object: the kind's empty one
}

func startStream(ctx context.Context, cancel context.CancelFunc, body io.ReadCloser, tell listener) *stream {
	s := &stream{body: body, tell: tell, events: make(chan watch.Event, 64), stop: cancel, done: ctx.Done()}
	s.ended.Go(s.run)
	return s
}

// Stop ends the stream and waits for its goroutine.
func (s *stream) Stop() {
	s.stop()
	s.ended.Wait()
}

// ResultChan gives the events; it is closed when the stream ends.
func (s *stream) ResultChan() <-chan watch.Event { return s.events }

func (s *stream) run() {
	defer close(s.events)
	defer func() { _ = s.body.Close() }()
	quiet := time.AfterFunc(silence, s.stop)
	defer quiet.Stop()

	reader := bufio.NewReaderSize(s.body, 256<<10)
	for {
		var room []byte // the collection keeps an event's object, and with it the memory of its line
		if s.tell.initial != nil {
			room = s.room // the builder copies
		}
		line, err := readLine(reader, room[:0])
		if err != nil {
			s.fail(err)
			return
		}
		s.room = line
		quiet.Reset(silence)
		s.tell.alive()
		event, err := s.decode(line)
		if err != nil {
			s.fail(err)
			return
		}
		if event.Object != nil && !s.send(event) {
			return
		}
	}
}

func (s *stream) send(event watch.Event) bool {
	select {
	case s.events <- event:
		return true
	case <-s.done:
		return false
	}
}

// fail ends the stream with an ERROR event where the API server sent what cannot be taken in, so that the Reflector
// lists anew, after a while. A stream that merely ended, or was stopped, just ends: the Reflector resumes it.
func (s *stream) fail(err error) {
	if errors.Is(err, errMalformed) || errors.Is(err, errEventTooLong) || errors.Is(err, ErrFull) {
		s.send(watch.Event{Type: watch.Error, Object: &metav1.Status{
			Status: metav1.StatusFailure, Code: 500, Reason: metav1.StatusReasonInternalError, Message: err.Error(),
		}})
	}
}

// errMalformed says that an event could not be read.
var errMalformed = errors.New("malformed watch event")

// decode reads one line. An initial event goes to the builder and gives the Reflector nothing.
func (s *stream) decode(line []byte) (watch.Event, error) {
	kind, object, ok := cutEvent(line)
	if !ok {
		return watch.Event{}, errMalformed
	}
	switch kind {
	case watch.Bookmark:
		return s.bookmark(object)
	case watch.Error:
		return failure(object), nil
	case watch.Added, watch.Modified, watch.Deleted:
	default:
		return watch.Event{}, fmt.Errorf("%w: type %q", errMalformed, kind)
	}
	parsed, err := s.tell.read(object)
	if err != nil {
		return watch.Event{}, fmt.Errorf("%w: %w", errMalformed, err)
	}
	if s.tell.initial != nil && kind == watch.Added {
		return watch.Event{}, s.tell.initial(parsed)
	}
	version := strconv.FormatUint(parsed.ResourceVersion(), 10)
	return watch.Event{Type: kind, Object: &item{object: parsed, version: version}}, nil
}

// bookmark also ends the initial events, where it says so (KEP-3157).
func (s *stream) bookmark(object []byte) (watch.Event, error) {
	metadata, err := s.tell.mark(object)
	if err != nil {
		return watch.Event{}, fmt.Errorf("%w: %w", errMalformed, err)
	}
	mark := &item{version: metadata.Get("resourceVersion").String()}
	if metadata.Get("annotations").Get(gjson.Escape(metav1.InitialEventsAnnotationKey)).String() == "true" {
		mark.annotations = map[string]string{metav1.InitialEventsAnnotationKey: "true"}
		s.tell.initial = nil
	}
	return watch.Event{Type: watch.Bookmark, Object: mark}, nil
}

// failure is an ERROR event whole: from its causes the Reflector knows that a version is one the API server has not come to.
func failure(object []byte) watch.Event {
	status := &metav1.Status{}
	_ = json.Unmarshal(object, status) // what is no Status is a failure all the same
	status.Status = metav1.StatusFailure
	return watch.Event{Type: watch.Error, Object: status}
}

// cutEvent splits {"type":"T","object":O} as API servers write it, without looking into O.
func cutEvent(line []byte) (watch.EventType, []byte, bool) {
	rest, ok := bytes.CutPrefix(line, []byte(`{"type":"`))
	if !ok {
		return "", nil, false
	}
	kind, rest, ok := bytes.Cut(rest, []byte(`","object":`))
	if !ok {
		return "", nil, false
	}
	object, ok := bytes.CutSuffix(rest, []byte("}"))
	return watch.EventType(kind), object, ok
}

// readLine appends one line to room, without its end.
func readLine(r *bufio.Reader, line []byte) ([]byte, error) {
	for {
		part, err := r.ReadSlice('\n')
		if len(line)+len(part) > maxEvent {
			return nil, errEventTooLong
		}
		line = append(line, part...)
		switch {
		case err == nil:
			return bytes.TrimSuffix(line, []byte("\n")), nil
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}
