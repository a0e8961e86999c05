package informers

import (
	"context"
	"fmt"
	"io"
	"testing"
	"testing/synctest"
	"time"
)

// A connection can be alive, its pings answered, while the stream on it says nothing any more: a process that stopped, a load
// balancer that lost its back end. Such a stream is ended, so that the watch is taken up again from where it stood; one that
// says anything within the time goes on.
func TestASilentStreamIsEnded(t *testing.T) {
	for _, heard := range []int{0, 3} {
		t.Run(fmt.Sprintf("after %d events", heard), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { endsBySilence(t, heard) })
		})
	}
}

// endsBySilence wants a stream to live through some events, each just in time, and to end when no more come.
func endsBySilence(t *testing.T, heard int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	body, server := io.Pipe()
	context.AfterFunc(ctx, func() { _ = server.CloseWithError(ctx.Err()) }) // as a response's body is closed
	s := startStream(ctx, cancel, body, plain())
	defer s.Stop()
	for version := range heard {
		<-time.After(silence - time.Second)
		if _, err := fmt.Fprint(server, event("ADDED", "one", version+1)); err != nil {
			t.Fatalf("the stream ended %s after an event: %v", silence-time.Second, err)
		}
		if _, open := <-s.ResultChan(); !open {
			t.Fatal("an event was lost")
		}
	}
	began := time.Now()
	if e, open := <-s.ResultChan(); open {
		t.Fatalf("a silent stream said %v", e)
	}
	if silent := time.Since(began); silent != silence {
		t.Errorf("it was ended after %s of silence, not %s", silent, silence)
	}
}
