package rbac

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/time/rate"
	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/transport"
)

// Bounds of the questions that one cluster is asked.
const (
	reviewTimeout  = 10 * time.Second // kube-apiserver gives its own webhooks 30 s; a caller waits here
	reviewsAtOnce  = 64
	reviewsPerSec  = 400
	reviewsBurst   = 800
	maxReviewBytes = 1 << 20 // a user in thousands of groups is 100 KB
)

// Client asks one cluster's API server, as the service, who a caller is and what they may do. It follows no redirect,
// because its requests carry tokens; it retries nothing, because a caller waits; and it bounds its own load.
// It is safe for concurrent use.
type Client struct {
	config *rest.Config
	http   *http.Client
	base   *url.URL
	rate   *rate.Limiter
	slots  chan struct{}
}

// NewClient returns a client with the service's credentials.
func NewClient(config *rest.Config) (*Client, error) {
	base, _, err := rest.DefaultServerUrlFor(config)
	if err != nil {
		return nil, fmt.Errorf("read the cluster's address: %w", err)
	}
	shared, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, fmt.Errorf("make a client for reviews: %w", err)
	}
	return &Client{
		config: rest.CopyConfig(config),
		http:   noRedirects(shared),
		base:   base,
		rate:   rate.NewLimiter(reviewsPerSec, reviewsBurst),
		slots:  make(chan struct{}, reviewsAtOnce),
	}, nil
}

// Close gives back the connections that nobody uses.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// noRedirects returns a copy of the client, which may be http.DefaultClient, that hands a redirect back.
func noRedirects(c *http.Client) *http.Client {
	own := *c
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &own
}

// TokenReview asks whose token it is.
func (c *Client) TokenReview(ctx context.Context, spec authenticationv1.TokenReviewSpec) (authenticationv1.TokenReviewStatus, error) {
	answer, err := review(ctx, c, "apis/authentication.k8s.io/v1/tokenreviews", &authenticationv1.TokenReview{
		TypeMeta: typeMeta("authentication.k8s.io/v1", "TokenReview"), Spec: spec,
	})
	return answer.Status, err
}

// SelfSubjectReview asks whom the API server takes the service for.
func (c *Client) SelfSubjectReview(ctx context.Context) (authenticationv1.UserInfo, error) {
	answer, err := review(ctx, c, "apis/authentication.k8s.io/v1/selfsubjectreviews", &authenticationv1.SelfSubjectReview{
		TypeMeta: typeMeta("authentication.k8s.io/v1", "SelfSubjectReview"),
	})
	return answer.Status.UserInfo, err
}

// SubjectAccessReview asks whether a user may do something.
func (c *Client) SubjectAccessReview(ctx context.Context, spec authorizationv1.SubjectAccessReviewSpec) (authorizationv1.SubjectAccessReviewStatus, error) {
	answer, err := review(ctx, c, "apis/authorization.k8s.io/v1/subjectaccessreviews", &authorizationv1.SubjectAccessReview{
		TypeMeta: typeMeta("authorization.k8s.io/v1", "SubjectAccessReview"), Spec: spec,
	})
	return answer.Status, err
}

// SelfSubjectRulesReview asks which rules the service has in a namespace. It makes a connection of its own, so that a
// load balancer gives it the next API server.
func (c *Client) SelfSubjectRulesReview(ctx context.Context, namespace string) (authorizationv1.SubjectRulesReviewStatus, error) {
	once, err := c.unshared()
	if err != nil {
		return authorizationv1.SubjectRulesReviewStatus{}, err
	}
	answer, err := review(ctx, once, "apis/authorization.k8s.io/v1/selfsubjectrulesreviews", &authorizationv1.SelfSubjectRulesReview{
		TypeMeta: typeMeta("authorization.k8s.io/v1", "SelfSubjectRulesReview"),
		Spec:     authorizationv1.SelfSubjectRulesReviewSpec{Namespace: namespace},
	})
	return answer.Status, err
}

// unshared returns the client with a transport that keeps no connection. It reads certificates and keys anew.
func (c *Client) unshared() (*Client, error) {
	if c.config.Transport != nil {
		return c, nil
	}
	config, err := c.config.TransportConfig()
	if err != nil {
		return nil, fmt.Errorf("make a connection for a review: %w", err)
	}
	tls, err := transport.TLSConfigFor(config)
	if err != nil {
		return nil, fmt.Errorf("make a connection for a review: %w", err)
	}
	single := &http.Transport{Proxy: http.ProxyFromEnvironment, TLSClientConfig: tls, DisableKeepAlives: true}
	if c.config.Proxy != nil {
		single.Proxy = c.config.Proxy
	}
	if c.config.Dial != nil {
		single.DialContext = c.config.Dial
	}
	wrapped, err := transport.HTTPWrappersForConfig(config, single)
	if err != nil {
		return nil, fmt.Errorf("make a connection for a review: %w", err)
	}
	once := *c
	once.http = noRedirects(&http.Client{Transport: wrapped})
	return &once, nil
}

// review sends a question and returns the answer, which shares no memory with it: the question's lists belong to users
// that others read meanwhile.
func review[T any](ctx context.Context, c *Client, path string, question *T) (answer T, err error) {
	ctx, cancel := context.WithTimeout(ctx, reviewTimeout)
	defer cancel()
	body, err := json.Marshal(question)
	if err != nil {
		return answer, fmt.Errorf("encode a review: %w", err)
	}
	if body, err = c.inTurn(ctx, path, body); err != nil {
		return answer, err
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		var none T // not half an answer
		return none, fmt.Errorf("decode the answer of %s: %w", path, err)
	}
	return answer, nil
}

// inTurn sends within the client's bounds.
func (c *Client) inTurn(ctx context.Context, path string, body []byte) ([]byte, error) {
	if err := c.rate.Wait(ctx); err != nil {
		return nil, fmt.Errorf("wait for the rate limit of reviews: %w", err)
	}
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for a review's turn: %w", ctx.Err())
	}
	return c.send(ctx, path, body)
}

// send returns the body of a successful answer. The request and the body of a failed one stand in no error: there is a
// token in them.
func (c *Client) send(ctx context.Context, path string, body []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base.JoinPath(path).String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make a request to %s: %w", path, err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json")
	response, err := c.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask %s: %w", path, err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxReviewBytes+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the answer of %s: %w", path, err)
	case len(answer) > maxReviewBytes:
		return nil, fmt.Errorf("read the answer of %s: longer than %d bytes", path, maxReviewBytes)
	case response.StatusCode != http.StatusCreated && response.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("ask %s: %w", path, statusError(response.StatusCode, answer))
	}
	return answer, nil
}

// statusError returns the Status that a failed request was answered with, or just the code where that is none.
func statusError(code int, body []byte) error {
	var status metav1.Status
	if json.Unmarshal(body, &status) == nil && status.Status == metav1.StatusFailure {
		return &apierrors.StatusError{ErrStatus: status}
	}
	return fmt.Errorf("HTTP status %d", code)
}

// typeMeta names the kind of a review.
func typeMeta(version, kind string) metav1.TypeMeta {
	return metav1.TypeMeta{APIVersion: version, Kind: kind}
}
