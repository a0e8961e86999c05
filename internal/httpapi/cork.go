package httpapi

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"
)

const (
	// stalled is how long a client may take nothing of a stream before it is cut off.
	stalled = 30 * time.Second
	// maxHeld is how many bytes a corked connection holds back.
	maxHeld = 64 << 10
)

// Corked makes a listener's connections such that watches can hold back what they write until it is whole: net/http and
// TLS would take three and more system calls for events that can go out in one. It belongs below TLS, and CorkedContext
// into the server.
func Corked(socket net.Listener) net.Listener {
	return corked{Listener: socket, rooms: &sync.Pool{New: func() any { return new([]byte) }}}
}

// CorkedContext is for [http.Server]'s ConnContext.
func CorkedContext(ctx context.Context, conn net.Conn) context.Context {
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	return context.WithValue(ctx, corkKey, conn)
}

// corkOf is the request's connection if it can be corked, otherwise nil. On HTTP/2 it belongs to other requests, too.
func corkOf(ctx context.Context) *cork {
	c, _ := ctx.Value(corkKey).(*cork)
	return c
}

type corked struct {
	net.Listener
	rooms *sync.Pool // of *[]byte
}

func (l corked) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &cork{Conn: conn, rooms: l.rooms}, nil
}

// cork is a connection that holds back what is written to it between hold and release. A nil one does nothing.
type cork struct {
	net.Conn
	rooms *sync.Pool

	mu   sync.Mutex
	held *[]byte // nil: nothing is to be held back
}

func (c *cork) Write(p []byte) (int, error) {
	c.mu.Lock()
	if c.held == nil {
		c.mu.Unlock()
		return c.Conn.Write(p)
	}
	defer c.mu.Unlock()
	*c.held = append(*c.held, p...)
	if len(*c.held) < maxHeld {
		return len(p), nil
	}
	return len(p), c.sendLocked()
}

// CloseWrite lets net/http and ReverseProxy close one direction, as of the connection itself.
func (c *cork) CloseWrite() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if !ok {
		return errors.ErrUnsupported
	}
	return half.CloseWrite()
}

// hold begins to hold back.
func (c *cork) hold() {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == nil {
		c.held, _ = c.rooms.Get().(*[]byte)
	}
}

// release sends what was held back.
func (c *cork) release() error {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.held == nil {
		return nil
	}
	err := c.sendLocked()
	c.rooms.Put(c.held)
	c.held = nil
	return err
}

func (c *cork) sendLocked() error {
	if len(*c.held) == 0 {
		return nil
	}
	err := c.SetWriteDeadline(time.Now().Add(stalled))
	if err == nil {
		_, err = c.Conn.Write(*c.held)
	}
	if err == nil {
		err = c.SetWriteDeadline(time.Time{}) // a pong, or what ends the stream, comes when it comes
	}
	*c.held = (*c.held)[:0]
	return err
}
