package ui

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// patience is how long a page may take to show what it should, on machines that run tests: busy ones.
const patience = 30 * time.Second

// page is a tab in a browser profile of its own.
type page struct {
	*testing.T
	ctx    context.Context //nolint:containedctx // chromedp keeps a tab in a context
	origin string

	mu     sync.Mutex
	faults []string
}

// open opens /ui/ of a k8cache, with what stands behind the # of its address.
func open(t *testing.T, origin, hash string) *page {
	t.Helper()
	p := &page{T: t, origin: origin}
	ctx, end := chromedp.NewContext(shared.browser.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(p.hear))
	p.ctx = ctx
	t.Cleanup(end)
	t.Cleanup(p.check)
	p.run(chromedp.EmulateViewport(1440, 900), chromedp.Navigate(origin+"/ui/"+hash))
	return p
}

// connected opens a page and gives it a token.
func connected(t *testing.T, token, hash string) *page {
	t.Helper()
	p := open(t, shared.token.URL, hash)
	p.connect(token)
	return p
}

func (p *page) connect(token string) {
	p.Helper()
	p.waitFor("the token form", visible("#token-field"))
	p.run(chromedp.SendKeys(chromedp.CSS("#token-field"), token+kb.Enter))
}

// hear collects what must not happen on any page.
func (p *page) hear(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.fault(fmt.Sprintf("exception: %s %v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception))
	case *log.EventEntryAdded:
		if e.Entry.Source != log.EntrySourceNetwork { // answers of 401 and the like
			p.fault(fmt.Sprintf("%s: %s", e.Entry.Source, e.Entry.Text))
		}
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err != nil || u.Scheme+"://"+u.Host != p.origin {
			p.fault("a request to another origin: " + e.Request.URL)
		}
	}
}

func (p *page) fault(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, text)
}

func (p *page) check() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, fault := range p.faults {
		p.Error(fault)
	}
}

func (p *page) run(actions ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.Fatal(err)
	}
}

// eval evaluates an expression, a promise's value included. It is not subject to the page's policy.
func eval[T any](p *page, expression string) T {
	p.Helper()
	value, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.Fatalf("%s: %v", expression, err)
	}
	return value
}

// waitFor waits until an expression is true.
func (p *page) waitFor(what, expression string) {
	p.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(25 * time.Millisecond) {
		if eval[bool](p, "Boolean("+expression+")") {
			return
		}
		if time.Now().After(deadline) {
			p.Fatalf("waited in vain for %s (%s) on this page:\n%s", what, expression, p.text("body"))
		}
	}
}

// visible is true once an element is seen.
func visible(selector string) string {
	return fmt.Sprintf("document.querySelector(%q)?.checkVisibility()", selector)
}

// says is true once an element's text holds another.
func says(selector, text string) string {
	return fmt.Sprintf("%s && document.querySelector(%q).innerText.includes(%q)", visible(selector), selector, text)
}

// rows is true once the table has so many rows, of which few are elements.
func rows(n int) string {
	return fmt.Sprintf("%s && document.querySelector('#grid').ariaRowCount == '%d'", visible("#grid"), n+1)
}

func (p *page) text(selector string) string {
	p.Helper()
	return eval[string](p, fmt.Sprintf("[...document.querySelectorAll(%q)].map((e) => e.innerText).join('\\n')", selector))
}

func (p *page) click(selector string) {
	p.Helper()
	p.waitFor(selector, visible(selector))
	p.run(chromedp.Click(chromedp.CSS(selector)))
}

// clickRow clicks the row of a name that is in sight.
func (p *page) clickRow(name string) {
	p.Helper()
	found := fmt.Sprintf("[...document.querySelectorAll('#grid .body .name')].find((cell) => cell.textContent === %q)", name)
	p.waitFor("row "+name, found)
	eval[bool](p, found+".click() ?? true")
}

func (p *page) keys(keys string) {
	p.Helper()
	p.run(chromedp.KeyEvent(keys))
}

// expect fails the test, and goes on, where a text lacks another.
func (p *page) expect(where string, wants ...string) {
	p.Helper()
	text := p.text(where)
	for _, want := range wants {
		if !strings.Contains(text, want) {
			p.Errorf("%s: got %q, want %q in it", where, text, want)
		}
	}
}

// press presses one key as a keyboard does: what it would type is typed only where the page lets it.
func (p *page) press(key string) {
	p.Helper()
	for _, event := range []input.DispatchKeyEventParams{{Type: kb.KeyDown, Key: key, Text: key}, {Type: kb.KeyUp, Key: key}} {
		if _, err := chromedp.Call(p.ctx, input.DispatchKeyEvent, event); err != nil {
			p.Fatal(err)
		}
	}
}

func (p *page) dark() {
	p.Helper()
	dark := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}}}
	if _, err := chromedp.Call(p.ctx, emulation.SetEmulatedMedia, dark); err != nil {
		p.Fatal(err)
	}
}

// picture leaves a screenshot where $K8CACHE_SCREENSHOTS says.
func (p *page) picture(name string) {
	p.Helper()
	dir := os.Getenv("K8CACHE_SCREENSHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600)
	}
	if err != nil {
		p.Error(err)
	}
}
