package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	k8sdynamic "k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
)

// marker is the label that has the number of a write.
const marker = "bench-write"

// arrivals are the times at which a watch brought the writes that are followed.
type arrivals struct {
	mu      sync.Mutex
	at      map[int]time.Time
	changed chan struct{} // closed and replaced with each arrival
}

func newArrivals() *arrivals {
	return &arrivals{at: map[int]time.Time{}, changed: make(chan struct{})}
}

// watch notes arrivals until ctx ends. It watches all pods, as a frontend does, from now on.
func (a *arrivals) watch(ctx context.Context, config *rest.Config, ready chan<- struct{}) error {
	config = rest.CopyConfig(config)
	config.GroupVersion, config.APIPath = &schema.GroupVersion{Version: "v1"}, "/api"
	config.NegotiatedSerializer = k8sdynamic.ConfigFor(config).NegotiatedSerializer
	client, err := rest.RESTClientFor(config)
	if err != nil {
		return err
	}
	version, err := newest(ctx, client)
	if err != nil {
		return err
	}
	body, err := client.Get().AbsPath(listPath).SetHeader("Accept", "application/json").
		Param("watch", "true").Param("resourceVersion", version).Stream(ctx)
	if err != nil {
		return fmt.Errorf("watch: %w", err)
	}
	defer body.Close() //nolint:errcheck // only read from
	ready <- struct{}{}
	lines := bufio.NewReaderSize(body, 1<<20)
	for {
		line, err := lines.ReadSlice('\n')
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return fmt.Errorf("watch: %w", err)
		case !bytes.HasPrefix(line, []byte(`{"type":"MODIFIED"`)):
			continue
		}
		if i, ok := markOf(line); ok {
			a.note(i)
		}
	}
}

// newest is the version of the collection now.
func newest(ctx context.Context, client *rest.RESTClient) (string, error) {
	answer, err := client.Get().AbsPath(listPath).SetHeader("Accept", "application/json").Param("limit", "1").Do(ctx).Raw()
	if err != nil {
		return "", err
	}
	_, rest, ok := bytes.Cut(answer, []byte(`"resourceVersion":"`))
	version, _, _ := bytes.Cut(rest, []byte(`"`))
	if !ok {
		return "", errors.New("a list without version")
	}
	return string(version), nil
}

func (a *arrivals) note(i int) {
	now := time.Now()
	a.mu.Lock()
	defer a.mu.Unlock()
	a.at[i] = now
	close(a.changed)
	a.changed = make(chan struct{})
}

// wait waits for a write and returns when it came.
func (a *arrivals) wait(ctx context.Context, i int) (time.Time, error) {
	for {
		a.mu.Lock()
		at, ok := a.at[i]
		changed := a.changed
		a.mu.Unlock()
		if ok {
			return at, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return time.Time{}, ctx.Err()
		}
	}
}

// markOf reads the number of the write out of an object's JSON. In managedFields the label's name stands, too, but there
// with "f:" before it.
func markOf(object []byte) (int, bool) {
	_, rest, ok := bytes.Cut(object, []byte(`"`+marker+`":"p`))
	if !ok {
		return 0, false
	}
	digits, _, _ := bytes.Cut(rest, []byte(`x"`))
	i, err := strconv.Atoi(string(digits))
	return i, err == nil
}
