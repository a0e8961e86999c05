package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// openAtOnce is how many watches are opened at a time: opening them is not what is measured.
	openAtOnce = 32
	// nothingMore is how long watchers may get nothing before they are taken to get no more.
	nothingMore = 20 * time.Second
)

// watchQuestion tells a child what to watch, how often, and for how many events of ours.
type watchQuestion struct {
	Target   target
	Path     string
	Watchers int
	Events   int
	Socket   bool
}

// watched is what its watchers saw.
type watched struct {
	// Digests has how many watchers saw which versions in which order.
	Digests map[uint64]int
	// Bytes is the size of all events of ours, of all watchers.
	Bytes int64
}

// serveWatch opens the watches, says so, and tells what they saw once they have seen all, or get no more.
func serveWatch(ctx context.Context, from *json.Decoder, to *json.Encoder) error {
	var q watchQuestion
	if err := from.Decode(&q); err != nil {
		return err
	}
	f, err := openFlock(ctx, q)
	if err != nil {
		return err
	}
	if err := to.Encode(len(f.watchers)); err != nil {
		return err
	}
	return to.Encode(f.run())
}

// flock is many watchers of one thing.
type flock struct {
	watchers []*watcher
	moved    atomic.Bool // somebody got something
}

func openFlock(ctx context.Context, q watchQuestion) (*flock, error) {
	client := q.Target.client()
	client.Transport.(*http.Transport).ReadBufferSize = 4 << 10 // that is what client makes
	f := &flock{watchers: make([]*watcher, q.Watchers)}
	group, opening := errgroup.WithContext(ctx)
	group.SetLimit(openAtOnce)
	for i := range f.watchers {
		group.Go(func() (err error) {
			if opening.Err() != nil {
				return opening.Err()
			}
			f.watchers[i], err = q.open(ctx, client)
			return err
		})
	}
	return f, group.Wait()
}

// open opens one watch. Its connection lives until it has seen all, or the process ends.
func (q watchQuestion) open(ctx context.Context, client *http.Client) (*watcher, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, q.Target.Base+q.Path, nil)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+q.Target.Token)
	want := http.StatusOK
	if q.Socket {
		want = http.StatusSwitchingProtocols
		for name, value := range map[string]string{
			"Connection": "Upgrade", "Upgrade": "websocket", "Origin": q.Target.Base,
			"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
		} {
			request.Header.Set(name, value)
		}
	}
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != want {
		_ = answer.Body.Close()
		return nil, fmt.Errorf("watch: %s", answer.Status)
	}
	return &watcher{body: answer.Body, lines: bufio.NewReaderSize(answer.Body, 16<<10), socket: q.Socket, left: q.Events}, nil
}

// run reads until all watchers have seen what there is.
func (f *flock) run() watched {
	group := new(errgroup.Group)
	for _, w := range f.watchers {
		group.Go(func() error { w.run(&f.moved); return nil })
	}
	done := make(chan struct{})
	go func() { defer close(done); _ = group.Wait() }() // they return no errors: what they saw tells
	tick := time.NewTicker(nothingMore)
	defer tick.Stop()
	for open := true; open; {
		select {
		case <-done:
			open = false
		case <-tick.C:
			if !f.moved.Swap(false) {
				f.close()
			}
		}
	}
	answer := watched{Digests: map[uint64]int{}}
	for _, w := range f.watchers {
		answer.Digests[w.digest]++
		answer.Bytes += w.bytes
	}
	return answer
}

func (f *flock) close() {
	for _, w := range f.watchers {
		_ = w.body.Close() // it has said nothing for long
	}
}

// watcher reads one watch.
type watcher struct {
	body   io.ReadCloser
	lines  *bufio.Reader
	socket bool
	left   int
	digest uint64
	bytes  int64
}

func (w *watcher) run(moved *atomic.Bool) {
	defer w.body.Close() //nolint:errcheck // cut off on purpose
	for w.left > 0 {
		line, err := w.next()
		if err != nil {
			return // what is missing shows in the digest
		}
		if !bytes.Contains(line, []byte(`"`+marker+`":"p`)) {
			continue
		}
		version, err := versionIn(line)
		if err != nil {
			return
		}
		w.digest = digest(w.digest, version)
		w.bytes += int64(len(line))
		w.left--
		if !moved.Load() {
			moved.Store(true)
		}
	}
}

// next is the next event.
func (w *watcher) next() ([]byte, error) {
	if w.socket {
		return w.frame()
	}
	return w.lines.ReadSlice('\n')
}

// frame is the payload of the next WebSocket message, which a server does not mask (RFC 6455, 5.2).
func (w *watcher) frame() ([]byte, error) {
	head, err := w.lines.Peek(4)
	if err != nil {
		return nil, err
	}
	size, skip := int(head[1]), 2
	if size == 126 { // the size follows in two bytes
		size, skip = int(binary.BigEndian.Uint16(head[2:])), 4
	}
	if size > w.lines.Size() {
		return nil, errors.New("a frame too long for a benchmark")
	}
	if _, err := w.lines.Discard(skip); err != nil {
		return nil, err
	}
	payload, err := w.lines.Peek(size)
	if err != nil {
		return nil, err
	}
	_, err = w.lines.Discard(size) // what was peeked at stays until the next read
	return payload, err
}

// versionIn is the version of an event's object.
func versionIn(line []byte) (uint64, error) {
	_, rest, _ := bytes.Cut(line, []byte(`"resourceVersion":"`))
	version, _, _ := bytes.Cut(rest, []byte(`"`))
	return strconv.ParseUint(string(version), 10, 64)
}

// digest goes on with a digest of versions, in their order.
func digest(before, version uint64) uint64 { return (before ^ version) * 0x9e3779b97f4a7c15 }
