package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"sync/atomic"

	"github.com/coder/websocket"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/k8cache/k8cache/internal/rbac/authn"
)

// socket is a stream of WebSocket text messages, one for each event.
type socket struct {
	ctx     context.Context //nolint:containedctx // the connection's life, which its methods share
	conn    *websocket.Conn
	cork    *cork
	err     error
	gone    atomic.Bool // the client
	reading sync.WaitGroup
}

var _ sink = (*socket)(nil)

// newSocket answers an upgrade as an API server does: a client must name an origin, and at most one subprotocol beside
// the token.
func newSocket(w http.ResponseWriter, r *http.Request) (sink, error) {
	if r.Header.Get("Origin") == "" {
		return nil, apierrors.NewForbidden(schema.GroupResource{}, "", errors.New("a WebSocket request must have an Origin"))
	}
	protocols := authn.Subprotocols(r.Header)
	if len(protocols) > 1 {
		return nil, apierrors.NewBadRequest("offer one WebSocket subprotocol beside the token")
	}
	for name := range w.Header() {
		w.Header().Del(name)
	}
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols: protocols,
		// Another origin's page cannot act as somebody: there are no cookies, and it would have to bring a token.
		// Where no token is needed, localOnly has looked at the origin.
		InsecureSkipVerify: true,
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		panic(http.ErrAbortHandler) // Accept has answered
	}
	// The cork gives each write its time, and a context that ends would cost each message a timer.
	s := &socket{ctx: context.WithoutCancel(r.Context()), conn: conn, cork: corkOf(r.Context())}
	s.reading.Go(s.ignore)
	return s, nil
}

// ignore reads what the client sends until it goes: some send an empty message first, and none means anything.
func (s *socket) ignore() {
	defer s.gone.Store(true)
	for {
		_, message, err := s.conn.Reader(s.ctx)
		if err != nil {
			return
		}
		if _, err := io.Copy(io.Discard, message); err != nil {
			return
		}
	}
}

func (s *socket) event(line []byte) {
	if s.err == nil {
		s.cork.hold()
		s.err = s.conn.Write(s.ctx, websocket.MessageText, line) // one frame, as an API server's
	}
}

func (s *socket) flush() error {
	if s.err == nil {
		s.err = s.cork.release()
	}
	if s.err == nil && s.gone.Load() {
		s.err = errGone
	}
	return s.err
}

func (s *socket) failed() bool { return s.err != nil }

// close says goodbye where the watch has come to its end, and does not where the client is too slow.
func (s *socket) close(err error) {
	if flushed := s.flush(); flushed == nil && !errors.Is(err, errGone) {
		_ = s.conn.Close(websocket.StatusNormalClosure, "")
	}
}

// drop closes the connection, which is not net/http's any more.
func (s *socket) drop() {
	_ = s.conn.CloseNow()
	s.reading.Wait()
}
