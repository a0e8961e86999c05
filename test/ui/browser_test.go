package ui

import (
	"context"

	"github.com/chromedp/chromedp"
)

// browser is one headless Chromium; pages are tabs of it.
type browser struct {
	ctx context.Context //nolint:containedctx // chromedp keeps a browser in a context
	end []context.CancelFunc
}

func startBrowser(ctx context.Context, path, profile string) (*browser, error) {
	allocator, endAllocator := chromedp.NewExecAllocator(ctx,
		chromedp.ExecPath(path), chromedp.UserDataDir(profile), chromedp.Headless,
		chromedp.NoSandbox, // it has none for root, which is who runs tests in containers
		chromedp.DisableGPU, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-default-apps", true), chromedp.Flag("disable-extensions", true),
		// Nothing but this machine can be asked, not even by name.
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"),
		// What is not seen is painted all the same, and timers are not slowed down.
		chromedp.Flag("disable-renderer-backgrounding", true), chromedp.Flag("disable-background-timer-throttling", true),
		chromedp.Flag("disable-backgrounding-occluded-windows", true),
	)
	tab, end := chromedp.NewContext(allocator)
	b := &browser{ctx: tab, end: []context.CancelFunc{end, endAllocator}}
	if err := chromedp.Do(tab); err != nil {
		return nil, err
	}
	return b, nil
}

func (b *browser) stop() error {
	err := chromedp.Cancel(b.ctx)
	for _, end := range b.end {
		end()
	}
	return err
}
