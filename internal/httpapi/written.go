package httpapi

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"go.uber.org/zap"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/k8cache/k8cache/internal/informers/store"
)

const (
	// writeWait is how long a write's answer is held back for the collection to have it. Normally the watch brings it
	// within milliseconds.
	writeWait = 2 * time.Second
	// maxWritten is how much of a write's answer is read to find out what was written, in bytes.
	maxWritten = 8 << 20
)

// written holds the answer of a write back until the collections that are kept of the resource have it: who has been
// told that a write is done finds it done in every later read through this replica.
type written struct {
	object
	collections []Collection
	before      []uint64 // the object's version in each collection when the write came; zero: it was not there
	log         *zap.Logger
}

// watchWrite prepares for a write; nil where the request is none, or nothing of the resource is kept.
func (a *api) watchWrite(r *http.Request, c *Cluster, o object) *written {
	switch r.Method {
	case http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete:
	default:
		return nil
	}
	if o.Resource == "" || r.URL.Query().Has("dryRun") {
		return nil
	}
	w := &written{object: o, log: a.log}
	for _, resource := range o.shared() {
		w.collections = append(w.collections, c.Collections.Live(resource)...)
	}
	for _, collection := range w.collections {
		w.before = append(w.before, w.version(collection.Snapshot()))
	}
	if len(w.collections) == 0 {
		return nil
	}
	return w
}

// shared are the resources that show the same objects: events are in two groups, and written in one they change in both.
func (o object) shared() []schema.GroupResource {
	resource := o.GroupResource()
	if resource.Resource == "events" && (resource.Group == "" || resource.Group == "events.k8s.io") {
		return []schema.GroupResource{{Resource: "events"}, {Group: "events.k8s.io", Resource: "events"}}
	}
	return []schema.GroupResource{resource}
}

// version is the object's version in a snapshot, zero where it is not there.
func (w *written) version(s *store.Snapshot) uint64 {
	found, _ := s.Find(w.home(), w.name)
	return found.ResourceVersion()
}

// await holds the answer back. What cannot be read is passed on as it is.
func (w *written) await(answer *http.Response) error {
	if answer.StatusCode < 200 || answer.StatusCode > 299 {
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxWritten))
	answer.Body = remainder{io.MultiReader(bytes.NewReader(body), errorReader{err}, answer.Body), answer.Body}
	if err != nil {
		return nil // the client meets the error where it stands in the body
	}
	ctx, cancel := context.WithTimeout(answer.Request.Context(), writeWait)
	defer cancel()
	did := w.done(answer, body)
	for i, collection := range w.collections {
		if !w.arrived(ctx, collection, did, w.before[i]) {
			w.log.Warn("a write was answered before the watch brought it",
				zap.String("group", w.Group), zap.String("resource", w.Resource), zap.Duration("waited", writeWait))
			return nil
		}
	}
	return nil
}

// arrived waits until a collection has the write: its version, or, where the answer names none or the last one before
// the deletion, another state of the object than before.
func (w *written) arrived(ctx context.Context, c Collection, did done, before uint64) bool {
	switch {
	case !did.removed:
		_, err := c.WaitFor(ctx, did.version)
		return err == nil
	case w.name == "":
		return await(ctx, c, did.allGone)
	case before == 0:
		return true // nothing to tell it by
	default:
		return await(ctx, c, func(s *store.Snapshot) bool { return w.version(s) != before })
	}
}

// await waits until a collection has come to a state.
func await(ctx context.Context, c Collection, reached func(*store.Snapshot) bool) bool {
	events := c.WatchFrom(c.Snapshot())
	for !reached(c.Snapshot()) {
		_, more, err := events.Take()
		switch {
		case ctx.Err() != nil:
			return false
		case err != nil: // the collection was read anew
			events = c.WatchFrom(c.Snapshot())
			continue
		case more == nil:
			continue
		}
		select {
		case <-more:
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// remainder is a body of which a part has been read.
type remainder struct {
	io.Reader
	io.Closer
}

// errorReader gives the error that reading met, at the place where it met it.
type errorReader struct{ err error }

func (r errorReader) Read([]byte) (int, error) {
	if r.err == nil {
		return 0, io.EOF
	}
	return 0, r.err
}
