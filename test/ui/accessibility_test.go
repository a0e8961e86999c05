package ui

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"
)

// TestEveryControlHasAName reads the page as a screen reader does.
func TestEveryControlHasAName(t *testing.T) {
	controls := []string{"button", "combobox", "searchbox", "textbox", "grid", "columnheader", "dialog", "navigation", "complementary", "region"}
	check := func(p *page) {
		p.Helper()
		tree, err := chromedp.Call(p.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		if err != nil {
			p.Fatal(err)
		}
		seen := 0
		for _, node := range tree.Nodes {
			if node.Ignored || node.Role == nil {
				continue
			}
			role := node.Role.Value.String()
			if len(role) > 1 && slices.Contains(controls, role[1:len(role)-1]) { // it is quoted
				seen++
				if node.Name == nil || len(node.Name.Value) <= len(`""`) {
					p.Errorf("a %s has no name", role)
				}
			}
		}
		if seen < 3 {
			p.Errorf("got %d controls in the tree, so this test reads it wrongly", seen)
		}
	}
	p := open(t, shared.token.URL, "#cluster=east&resource=pods")
	p.waitFor("the token form", visible("#token-field"))
	check(p)
	p.connect(aliceToken)
	p.waitFor("the pods", rows(2*teamPods))
	p.clickRow("api-7d4b9c6f5-0")
	p.waitFor("the details", visible(".json"))
	check(p)
}

// contrast lists texts whose contrast with what is behind them is below WCAG AA.
const contrast = `(() => {
	const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
	const rgb = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1); return [...canvas.getImageData(0, 0, 1, 1).data]; };
	const light = (c) => c.slice(0, 3).map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
		.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const behind = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c[3] === 255) return c; } return [255, 255, 255]; };
	const low = [];
	const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	let seen = 0;
	while (texts.nextNode()) {
		const e = texts.currentNode.parentElement;
		if (!texts.currentNode.data.trim() || !e.checkVisibility() || e.tagName === 'OPTION') continue;
		seen += 1;
		const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
		if ((a + 0.05) / (b + 0.05) < 4.5) low.push(((a + 0.05) / (b + 0.05)).toFixed(2) + ' ' + texts.currentNode.data.trim().slice(0, 40));
	}
	return seen < 5 ? ['only ' + seen + ' texts were seen'] : [...new Set(low)];
})()`

func TestTextsCanBeReadInBothThemes(t *testing.T) {
	for _, theme := range []string{"light", "dark"} {
		t.Run(theme, func(t *testing.T) {
			p := open(t, shared.token.URL, "#cluster=east&resource=pods")
			if theme == "dark" {
				p.dark()
			}
			check := func(state string) {
				p.Helper()
				for _, text := range eval[[]string](p, contrast) {
					p.Errorf("%s: contrast %s", state, text)
				}
			}
			p.waitFor("the token form", visible("#token-field"))
			p.connect("nobodys-token")
			p.waitFor("the refusal", visible("#token-fault"))
			check("refused")
			p.connect(aliceToken)
			p.waitFor("the remark", visible("#about p"))
			p.clickRow("api-7d4b9c6f5-3")
			p.waitFor("the details", visible(".json"))
			check("list and details")
			p.click("nav [data-key='deployments.apps']")
			p.waitFor("the refusal", visible("#notice .notice"))
			check("forbidden")
		})
	}
}

// TestNarrowScreensDoNotScrollSideways looks at the page on small screens.
func TestNarrowScreensDoNotScrollSideways(t *testing.T) {
	p := connected(t, aliceToken, "#cluster=east&resource=pods")
	p.waitFor("the pods", rows(2*teamPods))
	for _, width := range []int64{390, 760, 1024} {
		p.run(chromedp.EmulateViewport(width, 800))
		p.clickRow("api-7d4b9c6f5-0")
		p.waitFor("the details", visible(".json"))
		p.picture(fmt.Sprintf("narrow-%d-details", width))
		p.click("#details-close")
		p.picture(fmt.Sprintf("narrow-%d", width))
		if wide := eval[int64](p, "document.documentElement.scrollWidth"); wide > width {
			t.Errorf("the page is %d wide on a screen of %d", wide, width)
		}
	}
}
