package main

import (
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// target is a server, and as whom to ask it.
type target struct {
	Base  string // URL without path
	Token string
	CA    []byte // PEM
}

// job is a load of lists. Each list is one request for each path, one after the other.
type job struct {
	Target         target
	Paths          []string
	Gzip           bool
	Unpack         bool // what was sent as gzip, as a browser does
	Lists, Callers int
}

// loaded is what became of a job.
type loaded struct {
	Each     []time.Duration // of each list
	Took     time.Duration   // of all
	Bytes    int64           // of all bodies, as sent
	Protocol string
}

// loader is the client of all servers: HTTP/1.1 over TLS on connections that are kept, reading and throwing away.
type loader struct {
	clients map[string]*http.Client
}

func newLoader() *loader { return &loader{clients: map[string]*http.Client{}} }

// load answers a parent's questions.
func (l *loader) load(ctx context.Context) func(job) (loaded, error) {
	return func(j job) (loaded, error) {
		client := l.clients[j.Target.Base+j.Target.Token]
		if client == nil {
			client = j.Target.client()
			l.clients[j.Target.Base+j.Target.Token] = client
		}
		return j.run(ctx, client)
	}
}

// client speaks HTTP/1.1 only: what HTTP/2 costs is not what is compared, and nginx and Go differ in it.
func (t target) client() *http.Client {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(t.CA)
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig:     &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS13},
		DisableCompression:  true, // what is asked for is what is counted
		MaxIdleConnsPerHost: 64,
		ReadBufferSize:      64 << 10,
	}}
}

// run makes the lists, by so many callers at a time.
func (j job) run(ctx context.Context, client *http.Client) (loaded, error) {
	answer := loaded{Each: make([]time.Duration, j.Lists)}
	var next, bytes atomic.Int64
	var protocol atomic.Value
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for range j.Callers {
		group.Go(func() error {
			room := make([]byte, 64<<10)
			for i := next.Add(1) - 1; int(i) < j.Lists; i = next.Add(1) - 1 {
				start := time.Now()
				n, spoken, err := j.list(ctx, client, room)
				if err != nil {
					return err
				}
				answer.Each[i] = time.Since(start)
				bytes.Add(n)
				protocol.Store(spoken)
			}
			return nil
		})
	}
	err := group.Wait()
	answer.Took, answer.Bytes = time.Since(began), bytes.Load()
	answer.Protocol, _ = protocol.Load().(string)
	return answer, err
}

// list asks for all paths and counts the bytes of the bodies.
func (j job) list(ctx context.Context, client *http.Client, room []byte) (bytes int64, protocol string, err error) {
	for _, path := range j.Paths {
		n, spoken, err := j.get(ctx, client, path, room)
		if err != nil {
			return 0, "", fmt.Errorf("get %s: %w", path, err)
		}
		bytes, protocol = bytes+n, spoken
	}
	return bytes, protocol, nil
}

func (j job) get(ctx context.Context, client *http.Client, path string, room []byte) (int64, string, error) {
	answer, err := j.Target.ask(ctx, client, path, j.Gzip)
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close() //nolint:errcheck // read to its end
	if (answer.Header.Get("Content-Encoding") == "gzip") != j.Gzip && answer.ContentLength > 256<<10 {
		return 0, "", errors.New("not in the encoding asked for")
	}
	body := &counted{Reader: answer.Body}
	var plain io.Reader = body
	if j.Unpack {
		if plain, err = gzip.NewReader(body); err != nil {
			return 0, "", err
		}
	}
	_, err = discard(plain, room)
	return body.n, spoken(answer), err
}

// counted counts what is read.
type counted struct {
	io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.n += int64(n)
	return n, err
}

// ask sends one request. An answer other than 200 is an error.
func (t target) ask(ctx context.Context, client *http.Client, path string, gzip bool) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, t.Base+path, nil)
	if err != nil {
		return nil, err
	}
	if t.Token != "" {
		request.Header.Set("Authorization", "Bearer "+t.Token)
	}
	if gzip {
		request.Header.Set("Accept-Encoding", "gzip")
	}
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		_ = answer.Body.Close()
		return nil, fmt.Errorf("%s", answer.Status)
	}
	return answer, nil
}

// discard reads to the end with room as the buffer. (io.Copy to io.Discard has one of its own, and a small one.)
func discard(r io.Reader, room []byte) (int64, error) {
	var bytes int64
	for {
		n, err := r.Read(room)
		bytes += int64(n)
		if errors.Is(err, io.EOF) {
			return bytes, nil
		}
		if err != nil {
			return bytes, err
		}
	}
}

// spoken says what was spoken below the answer, which must be the same with all servers.
func spoken(answer *http.Response) string {
	if answer.TLS == nil {
		return answer.Proto
	}
	return answer.Proto + ", " + tls.VersionName(answer.TLS.Version) + ", " + tls.CipherSuiteName(answer.TLS.CipherSuite)
}
