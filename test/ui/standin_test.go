package ui

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
)

// standIn is k8cache, but for the list of one resource, which answers as a test says.
func standIn(t *testing.T, list http.HandlerFunc) *httptest.Server {
	t.Helper()
	real, err := url.Parse(shared.token.URL)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/", httputil.NewSingleHostReverseProxy(real))
	mux.HandleFunc("/clusters/east/api/v1/services", list)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

// openList opens the list that the stand-in answers.
func openList(t *testing.T, list http.HandlerFunc) (*page, *httptest.Server) {
	t.Helper()
	server := standIn(t, list)
	p := open(t, server.URL, "#cluster=east&resource=services")
	p.connect(adminToken)
	return p, server
}

const oneService = `{"kind":"ServiceList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[
	{"metadata":{"name":"one","namespace":"team-a","creationTimestamp":"2020-01-01T00:00:00Z"},"spec":{"type":"ClusterIP","clusterIP":"10.0.0.1"}}]}`

func TestWarningsAreShown(t *testing.T) {
	p, _ := openList(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Status", "k8cache; hit")
		w.Header().Set("Age", "312")
		w.Header().Add("Warning", `299 - "k8cache: the API server cannot be heard, this answer may be stale"`)
		w.Header().Add("Warning", `299 - "a second one, with \"quotes\""`)
		_, _ = fmt.Fprint(w, oneService)
	})
	p.waitFor("the service", rows(1))
	p.expect("#answer", "312 s", "Warning: k8cache: the API server cannot be heard, this answer may be stale",
		`Warning: a second one, with "quotes"`)
	p.expect("#grid .body", "ClusterIP", "10.0.0.1")
	p.picture("stale")
	p.dark()
	p.picture("stale-dark")
}

func TestUnchangedListIsKept(t *testing.T) {
	var unchanged atomic.Int32
	p, _ := openList(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"v7"`)
		if r.Header.Get("If-None-Match") == `"v7"` {
			unchanged.Add(1)
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = fmt.Fprint(w, oneService)
	})
	p.waitFor("the service", rows(1))
	p.click("#refresh")
	p.waitFor("the answer", says("#answer", "304 Not Modified"))
	p.waitFor("the same row", rows(1))
	if n := unchanged.Load(); n != 1 {
		t.Errorf("asked %d times with the ETag", n)
	}
}

func TestFailuresAreExplained(t *testing.T) {
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		wants  []string
	}{
		"not synced": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = fmt.Fprint(w, `{"kind":"Status","message":"services is not synced yet, try again","code":503}`)
		}, []string{"503 Unavailable", "services is not synced yet, try again", "asks to wait 1 s", "Try again"}},
		"too many": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusTooManyRequests)
		}, []string{"429 Too Many Requests", "The answer gives no reason."}},
		"no Status": {func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "<b>plain</b> text", http.StatusTeapot)
		}, []string{"418", "<b>plain</b> text"}},
		"no list": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprint(w, `{"items":`)
		}, []string{"The answer is not a list in JSON."}},
		"broken off": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = fmt.Fprint(w, `{"items":[`)
		}, []string{"No answer", "The answer broke off."}},
		"redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/livez", http.StatusFound)
		}, []string{"No answer"}},
		"unauthorized": {func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = fmt.Fprint(w, `{"kind":"Status","message":"Unauthorized","code":401}`)
		}, []string{"Token refused (401)", "Unauthorized", "Change token"}},
	} {
		t.Run(name, func(t *testing.T) {
			p, _ := openList(t, test.answer)
			p.waitFor("the notice", visible("#notice .notice[role=alert]"))
			p.expect("#notice", test.wants...)
			if name == "unauthorized" {
				p.picture("unauthorized")
			}
		})
	}
}

func TestOldRowsStayUnderAFailure(t *testing.T) {
	var down atomic.Bool
	p, server := openList(t, func(w http.ResponseWriter, _ *http.Request) {
		if down.Load() {
			w.WriteHeader(http.StatusBadGateway)
			_, _ = fmt.Fprint(w, `{"kind":"Status","message":"the API server of cluster \"east\" cannot be reached","code":502}`)
			return
		}
		_, _ = fmt.Fprint(w, oneService)
	})
	p.waitFor("the service", rows(1))
	down.Store(true)
	p.click("#refresh")
	p.waitFor("the failure", says("#notice", `the API server of cluster "east" cannot be reached`))
	p.waitFor("the old row", rows(1))
	p.picture("failure-over-rows")
	server.Close()
	p.click("#refresh")
	p.waitFor("no answer", says("#notice", "k8cache does not answer"))
}

// TestHostileObjectsMakeRows gives the table what no API server should send.
func TestHostileObjectsMakeRows(t *testing.T) {
	p, _ := openList(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, `{"metadata":null,"items":[{},null,{"metadata":{"name":"<img src=x>","namespace":"n","creationTimestamp":"never",
			"labels":{"a":null}},"spec":{"ports":7,"type":{}},"status":[]},{"metadata":{"name":"__proto__","namespace":"constructor"}}]}`)
	})
	p.waitFor("an answer", visible("#answer .facts"))
	p.waitFor("rows", rows(4))
	p.expect("#grid .body", "<img src=x>", "__proto__")
}

// TestPageStaysFluidWhileAListArrives refreshes ten thousand pods of real size, 76 MB, and watches the frames.
func TestPageStaysFluidWhileAListArrives(t *testing.T) {
	const pods = 10_000
	var body bytes.Buffer
	body.WriteString(`{"kind":"ServiceList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[`)
	padding := strings.Repeat(`{"name":"X","value":"some value of a variable"},`, 150)
	for i := range pods {
		if i > 0 {
			body.WriteByte(',')
		}
		fmt.Fprintf(&body, `{"metadata":{"name":"pod-%d","namespace":"n-%d","labels":{"app":"a"}},"spec":{"env":[%s{}]}}`, i, i%100, padding)
	}
	body.WriteString(`]}`)
	p, _ := openList(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("limit") { // the question whether this is all
			_, _ = fmt.Fprint(w, oneService)
			return
		}
		_, _ = w.Write(body.Bytes())
	})
	p.waitFor("the list", rows(pods))
	gaps := eval[[]float64](p, `new Promise((done) => {
		const gaps = [], button = document.querySelector('#refresh');
		let last = performance.now(), seen = false;
		button.click();
		const step = (now) => {
			gaps.push(now - last);
			last = now;
			const busy = button.classList.contains('waiting');
			seen ||= busy;
			if (busy || !seen) requestAnimationFrame(step); else done(gaps.sort((a, b) => a - b));
		};
		requestAnimationFrame(step);
	})`)
	t.Logf("%d MB; %d frames meanwhile: median %.0f ms, slowest %.0f ms\n%s",
		body.Len()/1_000_000, len(gaps), gaps[len(gaps)/2], gaps[len(gaps)-1], p.text("#answer .facts"))
	if median := gaps[len(gaps)/2]; median > 100 {
		t.Errorf("median frame: %.0f ms", median)
	}
}
