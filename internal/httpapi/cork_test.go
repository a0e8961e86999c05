package httpapi

import (
	"io"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// pipe is a corked connection and its other end.
func pipe(t *testing.T) (*cork, net.Conn) {
	t.Helper()
	socket, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener := Corked(socket)
	t.Cleanup(func() { _ = listener.Close() })
	client, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", socket.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	server, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	corked := corkOf(CorkedContext(t.Context(), server))
	if corked == nil {
		t.Fatal("an accepted connection has no cork")
	}
	return corked, client
}

func write(t *testing.T, c *cork, text string) {
	t.Helper()
	if n, err := io.WriteString(c, text); n != len(text) || err != nil {
		t.Fatalf("write %q: %d, %v", text, n, err)
	}
}

// arrives is what a connection brings at once.
func arrives(t *testing.T, conn net.Conn) string {
	t.Helper()
	room := make([]byte, 2*maxHeld)
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	n, err := conn.Read(room)
	if err != nil {
		t.Fatal(err)
	}
	return string(room[:n])
}

// TestCorkSendsWhatItHeldInOnePiece and lets everything else through.
func TestCorkSendsWhatItHeldInOnePiece(t *testing.T) {
	c, client := pipe(t)
	write(t, c, "through")
	if got := arrives(t, client); got != "through" {
		t.Errorf("got %q", got)
	}
	c.hold()
	write(t, c, "one,")
	c.hold()
	write(t, c, "two")
	if err := c.release(); err != nil {
		t.Fatal(err)
	}
	if got := arrives(t, client); got != "one,two" {
		t.Errorf("got %q", got)
	}
	write(t, c, "through again")
	if got := arrives(t, client); got != "through again" {
		t.Errorf("got %q", got)
	}
	if err := c.release(); err != nil {
		t.Errorf("release of nothing: %v", err)
	}
}

// TestCorkHoldsNoMoreThanItsBound though nobody releases it.
func TestCorkHoldsNoMoreThanItsBound(t *testing.T) {
	c, client := pipe(t)
	c.hold()
	part := string(make([]byte, maxHeld/4))
	for range 4 {
		write(t, c, part)
	}
	if arrives(t, client) == "" {
		t.Error("nothing arrived")
	}
	if len(*c.held) != 0 {
		t.Errorf("%d bytes are held after the bound was reached", len(*c.held))
	}
}

// TestThreat31_ADeadlineEndsWithWhatItWasFor has a client that is silent for longer than a stream may stall, and then sends
// a ping: the pong goes past the cork, and must not meet the deadline of what was sent before.
func TestThreat31_ADeadlineEndsWithWhatItWasFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, client := net.Pipe()
		defer server.Close() //nolint:errcheck // a pipe
		defer client.Close() //nolint:errcheck // a pipe
		c := &cork{Conn: server, rooms: &sync.Pool{New: func() any { return new([]byte) }}}
		var reading sync.WaitGroup
		defer reading.Wait()
		reading.Go(func() { _, _ = io.CopyN(io.Discard, client, int64(len("eventpong"))) })
		c.hold()
		write(t, c, "event")
		if err := c.release(); err != nil {
			t.Fatal(err)
		}
		<-time.After(2 * stalled)
		write(t, c, "pong")
	})
}

// TestCorkClosesOneDirection as net/http does where it has refused a body that is still coming: closed in both, the refusal
// would be lost with what the client sends.
func TestCorkClosesOneDirection(t *testing.T) {
	c, client := pipe(t)
	half, ok := net.Conn(c).(interface{ CloseWrite() error })
	if !ok {
		t.Fatal("it cannot be closed in one direction")
	}
	write(t, c, "refused")
	if err := half.CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(client); string(got) != "refused" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := io.WriteString(client, "body"); err != nil {
		t.Error(err)
	}
	if got := arrives(t, c); got != "body" {
		t.Errorf("got %q", got)
	}
}
