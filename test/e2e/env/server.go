package env

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"k8s.io/client-go/rest"
)

// askTimeout is beyond what any server here may take to answer.
const askTimeout = time.Minute

// Server answers HTTP requests under a base URL: an API server, or k8cache in front of one.
type Server struct {
	// URL is what each path is put behind.
	URL string

	tls    *tls.Config
	client *http.Client
}

// Request is what a Server is asked.
type Request struct {
	// Method defaults to GET.
	Method string
	// Path comes with its query: /api/v1/pods?limit=1.
	Path string
	// Token is sent as bearer token unless empty.
	Token string
	// Header is sent as it is.
	Header http.Header
	Body   string
}

// Answer is what a Server said, to the last byte.
type Answer struct {
	Code   int
	Header http.Header
	Body   []byte
}

// NewServer returns the server that a config leads to. Of the config's credentials it takes none.
func NewServer(config *rest.Config) (*Server, error) {
	tlsConfig, err := rest.TLSConfigFor(rest.AnonymousClientConfig(config))
	if err != nil {
		return nil, fmt.Errorf("server %s: %w", config.Host, err)
	}
	if tlsConfig == nil {
		tlsConfig = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	return newServer(strings.TrimSuffix(config.Host, "/"), tlsConfig), nil
}

func newServer(url string, tlsConfig *tls.Config) *Server {
	transport := &http.Transport{TLSClientConfig: tlsConfig, DisableCompression: true} // what arrives is what was sent
	client := &http.Client{
		Transport: transport,
		// A redirect is an answer like any other.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return &Server{URL: url, tls: tlsConfig, client: client}
}

// As is the same server for who comes with a certificate. The caller closes it.
func (s *Server) As(certificate tls.Certificate) *Server {
	config := s.tls.Clone()
	config.Certificates = []tls.Certificate{certificate}
	return newServer(s.URL, config)
}

// Dial opens a connection to the server, for requests that are to come over one and the same. The caller closes it.
func (s *Server) Dial(ctx context.Context) (*Conn, error) {
	base, err := url.Parse(s.URL)
	if err != nil {
		return nil, err
	}
	socket, err := s.dial(ctx, base)
	if err != nil {
		return nil, err
	}
	return &Conn{Conn: socket, Reader: bufio.NewReader(socket)}, nil
}

// Ask puts a request and reads the whole answer.
func (s *Server) Ask(ctx context.Context, request Request) (*Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	response, err := s.Open(ctx, request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close() //nolint:errcheck // read to its end
	return read(response)
}

// Open puts a request and returns the answer with its body still to come, for watches. The caller closes it.
func (s *Server) Open(ctx context.Context, request Request) (*http.Response, error) {
	if request.Method == "" {
		request.Method = http.MethodGet
	}
	out, err := http.NewRequestWithContext(ctx, request.Method, s.URL+request.Path, strings.NewReader(request.Body))
	if err != nil {
		return nil, err
	}
	if request.Header != nil {
		out.Header = request.Header.Clone()
	}
	if request.Token != "" {
		out.Header.Set("Authorization", "Bearer "+request.Token)
	}
	return s.client.Do(out)
}

// AskRaw writes the text of a request as it is, which http.Client would not, and reads one answer. In the text, {base}
// stands for the path of the server's URL and {host} for its host.
func (s *Server) AskRaw(ctx context.Context, text string) (*Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	response, conn, err := s.OpenRaw(ctx, text)
	if err != nil {
		return nil, err
	}
	defer conn.Close()          //nolint:errcheck // it has served its purpose
	defer response.Body.Close() //nolint:errcheck // read to its end
	return read(response)
}

// OpenRaw writes the text of a request and reads the head of an answer. Of the connection, which the caller closes, the
// rest is to be read: the body, or what was upgraded to.
func (s *Server) OpenRaw(ctx context.Context, text string) (*http.Response, *Conn, error) {
	base, err := url.Parse(s.URL)
	if err != nil {
		return nil, nil, err
	}
	conn, err := s.Dial(ctx)
	if err != nil {
		return nil, nil, err
	}
	text = strings.NewReplacer("{base}", base.Path, "{host}", base.Host).Replace(text)
	method, _, _ := strings.Cut(text, " ")
	if _, err = io.WriteString(conn, text); err != nil {
		return nil, nil, errors.Join(err, conn.Close())
	}
	response, err := http.ReadResponse(conn.Reader, &http.Request{Method: method})
	if err != nil {
		return nil, nil, errors.Join(err, conn.Close())
	}
	return response, conn, nil
}

// Conn is a connection of which some may have been read ahead.
type Conn struct {
	net.Conn
	Reader *bufio.Reader
}

func (c *Conn) Read(p []byte) (int, error) { return c.Reader.Read(p) }

// dial connects for one exchange, which must be over when ctx ends.
func (s *Server) dial(ctx context.Context, base *url.URL) (net.Conn, error) {
	config := s.tls.Clone()
	config.NextProtos = []string{"http/1.1"}
	dial := (&tls.Dialer{Config: config}).DialContext
	if base.Scheme == "http" {
		dial = (&net.Dialer{}).DialContext
	}
	conn, err := dial(ctx, "tcp", base.Host)
	if err != nil {
		return nil, err
	}
	deadline, _ := ctx.Deadline() // none is the zero time, which is no deadline for the connection either
	return conn, conn.SetDeadline(deadline)
}

// Close drops idle connections.
func (s *Server) Close() { s.client.CloseIdleConnections() }

func read(response *http.Response) (*Answer, error) {
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, fmt.Errorf("read the answer of code %d: %w", response.StatusCode, err)
	}
	return &Answer{Code: response.StatusCode, Header: response.Header, Body: body}, nil
}
