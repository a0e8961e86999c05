package e2e

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/sync/errgroup"

	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
	"github.com/k8cache/k8cache/test/e2e/wire"
)

// wireSeed is what random requests are drawn from.
var wireSeed = flag.Uint64("wire.seed", 1, "the seed of the random requests of TestWire")

// TestWire puts thousands of reads to the API server and to k8cache and wants the same answer to each: code, headers and
// bytes. Package wire has the requests, and says what may differ.
func TestWire(t *testing.T) {
	p := eastPair()
	kinds := wire.Kinds(p.cluster.Namespace("")[:len(p.cluster.Namespace(""))-1])
	byPath := map[string]wire.Kind{}
	for _, kind := range kinds {
		byPath[kind.Path] = kind
	}
	ns := p.cluster.Namespace("a-b")
	d := &differential{pair: p}
	for _, path := range []string{"/api/v1/pods", "/apis/e2e.k8cache.dev/v1/widgets"} {
		kind := byPath[path]
		in := kind.In(ns)
		d.run(t, "versions", in, kind.Versioned(ns))
		d.run(t, "continue", in, kind.Continued(ns))
		d.run(t, "parameters", in, kind.Othered(ns))
		d.run(t, "labels", in, kind.Labelled(ns))
		d.run(t, "gets", in, kind.Gets(ns))
		d.run(t, "printed", in, wire.Printed(in))
		d.run(t, "tables", in, wire.Tables(in))
		d.run(t, "watches", in, kind.Watched(ns))
		d.run(t, "forms of watches", in, kind.WatchForms(ns))
	}
	for _, kind := range kinds {
		in := kind.In(p.cluster.Namespace("a"))
		d.run(t, "fields", in, kind.Fielded(p.cluster.Namespace("a")))
	}
	for _, path := range []string{
		"/api/v1/pods", "/api/v1/configmaps", "/apis/e2e.k8cache.dev/v1/widgets", "/api/v1/nodes", "/apis/e2e.k8cache.dev/v1/gadgets", "/apis/e2e.k8cache.dev/v1beta1/gadgets",
	} {
		kind := byPath[path]
		in := kind.In(ns)
		d.run(t, "forms", in, wire.Accepted(in, "resourceVersion=VERSION&resourceVersionMatch=Exact"))
		d.run(t, "methods", in, kind.Methods(ns))
		d.run(t, "paths", in, kind.Odd(ns))
		d.run(t, "gets of what has no namespace", in, kind.Gets(""))
	}
	d.run(t, "encodings", manyPods, append(wire.Encoded(manyPods), wire.Encoded(manyPods, "pretty=1")...))
	t.Logf("random requests of seed %d", *wireSeed)
	d.run(t, "random", manyPods, wire.Random(*wireSeed, kinds, []string{"", ns, p.cluster.Namespace("n03"), "absent"}, 1000))
	t.Logf("compared %d requests, %d of them more than once", d.compared.Load(), d.repeated.Load())
	if d.repeated.Load() > d.compared.Load()/20 {
		t.Error("the servers were not at rest: what was compared more than once proves little")
	}
}

// differential puts requests to both servers.
type differential struct {
	pair
	compared, repeated atomic.Int64
}

// abreast is how many requests are under way at once: watches and versions that have not come take their time.
const abreast = 32

// run compares the answers to requests.
func (d *differential) run(t *testing.T, name, collection string, requests []wire.Request) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		version := d.settle(t, collection)
		var group errgroup.Group
		group.SetLimit(abreast)
		for _, request := range requests {
			group.Go(func() error {
				if err := d.compare(t.Context(), request.At(version)); err != nil {
					t.Errorf("%s:\n%v", request, err)
				}
				return nil
			})
		}
		must(t, group.Wait())
	})
}

// settle waits until k8cache has what the API server has of a collection, and returns a version that both know.
func (d *differential) settle(t *testing.T, path string) string {
	t.Helper()
	var version string
	eventually(t, path, func() error {
		want, got := direct(t, d.cluster, get(d.cluster.Admin, path)), cached(t, d.server, get(d.cluster.Admin, path))
		if err := d.same(want, got); err != nil {
			return err
		}
		version = versionOf(t, got.Body)
		return nil
	})
	return version
}

// compare wants one answer from both. What changes meanwhile, such as an age, is asked for once more.
func (d *differential) compare(ctx context.Context, request wire.Request) error {
	d.compared.Add(1)
	var err error
	for try := range 3 {
		if try == 1 {
			d.repeated.Add(1)
		}
		var answers [2]*env.Answer
		var group errgroup.Group
		for i, server := range []*env.Server{d.cluster.Server, d.server} {
			group.Go(func() (err error) {
				answers[i], err = server.Ask(ctx, ask(request.Method, d.cluster.Admin, request.Path, "", request.Lines...))
				return err
			})
		}
		if err = group.Wait(); err != nil {
			return err
		}
		err = d.same(answers[0], answers[1])
		if err == nil || documented(request, answers[0], answers[1]) {
			return nil
		}
	}
	return err
}

// same compares two answers, but for what package wire knows to differ.
func (d *differential) same(want, got *env.Answer) error {
	var err error
	if want.Code != got.Code {
		err = fmt.Errorf("code %d, the API server's %d", got.Code, want.Code)
	}
	wantBody, wantErr := plain(want)
	gotBody, gotErr := plain(got)
	return errors.Join(err, wantErr, gotErr,
		validate.SameHeaders(want.Header, got.Header),
		validate.SameBytes([]byte(wire.Neutral(wantBody)), []byte(wire.Neutral(gotBody))))
}

// plain unpacks a body, streams of several gzip members too.
func plain(answer *env.Answer) (string, error) {
	if answer.Header.Get("Content-Encoding") != "gzip" {
		return string(answer.Body), nil
	}
	reader, err := gzip.NewReader(bytes.NewReader(answer.Body))
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(reader)
	return string(body), err
}

// documented says whether two answers differ on purpose.
func documented(request wire.Request, want, got *env.Answer) bool {
	switch {
	case want.Code == http.StatusBadRequest && got.Code == http.StatusOK:
		// What a cache adds: any field can be selected by, where an API server knows only some.
		return fieldUnknown.Match(want.Body)
	case want.Code == http.StatusBadRequest && got.Code == http.StatusBadRequest && bytes.Contains(got.Body, []byte("fieldSelector: in field")):
		return true // a field that is no path is refused as such, where an API server says that it does not know it
	case request.Streams() && bytes.HasPrefix(got.Body, []byte(`{"type":"ERROR"`)):
		// A watch goes back as far as k8cache was there; an API server's may go farther. Clients list anew.
		return strings.Contains(request.Path, "resourceVersion=1&") && bytes.Contains(got.Body, []byte(`"reason":"Expired","code":410`))
	case strings.Contains(request.Path, "/events?") && strings.Contains(request.Path, "resourceVersion=0&") && strings.Contains(request.Path, "limit="):
		// An API server takes no limit at version 0, but for the kinds that it was told not to cache: by default, events.
		return want.Code == http.StatusOK && got.Code == http.StatusOK
	case want.Code == http.StatusInternalServerError && got.Code == http.StatusInternalServerError:
		// Both refuse to write a control character as YAML; the refusal is in YAML or in JSON.
		return bytes.Contains(want.Body, []byte("control characters are not allowed"))
	default:
		return false
	}
}

var fieldUnknown = regexp.MustCompile(`is not a known field selector|field label (\\".*\\" )?not supported`)
