package ui

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestTenThousandRowsScroll(t *testing.T) {
	p := connected(t, adminToken, "#cluster=east&resource=pods")
	p.waitFor("the pods", rows(allPods))
	frames := eval[[]float64](p, `new Promise((done) => {
		const grid = document.querySelector('#grid'), frames = [];
		let last = performance.now();
		const step = (now) => {
			frames.push(now - last);
			last = now;
			grid.scrollTop += 2500;
			if (frames.length < 120) requestAnimationFrame(step); else done(frames.sort((a, b) => a - b));
		};
		requestAnimationFrame(step);
	})`)
	t.Logf("scrolled through %d rows: median frame %.0f ms, slowest %.0f ms", allPods, frames[len(frames)/2], frames[len(frames)-1])
	if elements := eval[int](p, "document.querySelectorAll('#grid [role=row]').length"); elements > 100 {
		t.Errorf("got %d elements for %d rows", elements, allPods)
	}
	eval[bool](p, "document.querySelector('#grid').focus() ?? true")
	p.keys(kb.End)
	p.waitFor("the last row", says("#grid .body .active .name", "worker-7d4b9c6f5-8"))
	p.picture("scrolled")
}

// TestTableIsFast measures the table alone. The bounds are far above what it takes, because machines that run tests are busy.
func TestTableIsFast(t *testing.T) {
	p := open(t, shared.token.URL, "")
	took := eval[map[string]float64](p, `import('/ui/table.js').then(({ Table }) => {
		const grid = document.createElement('div');
		grid.id = 'grid';
		grid.style = 'height: 900px; overflow: auto';
		document.body.replaceChildren(grid);
		const table = new Table(grid, () => {});
		const rows = Array.from({ length: 10_000 }, (_, i) => ({
			namespace: 'ns-' + i % 50, name: 'pod-' + i * 7919 % 10_000, version: '1', status: 'Running', tone: 'good', more: '1/1 ready',
			created: i, haystack: 'ns-' + i % 50 + '\npod-' + i + '\nrunning\napp=load',
		}));
		const took = {};
		const time = (name, f) => { const began = performance.now(); f(); grid.offsetHeight; took[name] = performance.now() - began; };
		time('setRows', () => table.setRows(rows, { namespaced: true, label: 'pods' }));
		time('filter', () => table.filter('pod-99 running'));
		time('unfilter', () => table.filter(''));
		time('sort', () => grid.querySelector('.name button').click());
		time('render', () => { for (let i = 0; i < 100; i += 1) { grid.scrollTop = i * 3000; table.render(); grid.offsetHeight; } });
		took.render /= 100;
		return took;
	})`)
	t.Logf("10,000 rows, milliseconds: %v", took)
	for name, bound := range map[string]float64{"setRows": 500, "filter": 500, "unfilter": 500, "sort": 1000, "render": 50} {
		if took[name] > bound {
			t.Errorf("%s: took %.1f ms", name, took[name])
		}
	}
}

func TestFilterAndSort(t *testing.T) {
	p := connected(t, aliceToken, "#cluster=east&resource=pods&filter=team-b%20crash")
	p.waitFor("the filtered row", rows(1))
	p.expect("#grid .body", "team-b", "api-7d4b9c6f5-3", "CrashLoopBackOff", "17 restarts")
	p.expect("#tally", "1 of 24")
	p.run(chromedp.SendKeys(chromedp.CSS("#filter"), strings.Repeat(kb.Backspace, 20)+"app=worker"))
	p.waitFor("rows by label", rows(2*teamPods/3))
	p.click("#grid .name button")
	p.click("#grid .name button")
	p.waitFor("the order", "document.querySelector('#grid .name').getAttribute('aria-sort') == 'descending'")
	if first := p.text("#grid .body [role=row]:first-child .name"); first != "worker-7d4b9c6f5-8" {
		t.Errorf("got %q first, by name and descending", first)
	}
}

func TestStatusOfPods(t *testing.T) {
	p := connected(t, aliceToken, "#cluster=east&resource=pods&namespace=team-a")
	p.waitFor("the pods", rows(teamPods))
	p.expect("#grid .body", "Running", "CrashLoopBackOff", "ImagePullBackOff", "Completed", "Pending", "1/1 ready · node-0")
}

func TestKeyboardAlone(t *testing.T) {
	p := connected(t, aliceToken, "#cluster=east&resource=pods")
	p.waitFor("the pods", rows(2*teamPods))
	focused := func(id string) string { return "document.activeElement.id == '" + id + "'" }
	eval[bool](p, "document.activeElement.blur() ?? true")
	p.press("/")
	p.waitFor("focus in the filter", focused("filter"))
	p.keys("team-b" + kb.Enter)
	p.waitFor("focus in the table", focused("grid"))
	p.keys(kb.ArrowDown + kb.ArrowDown + kb.Enter)
	p.waitFor("the second row's details", says("#details", "api-7d4b9c6f5-3"))
	if active := eval[string](p, "document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).innerText"); !strings.Contains(active, "api-7d4b9c6f5-3") {
		t.Errorf("the active row is %q", active)
	}
	p.picture("keyboard")
	p.keys(kb.Escape)
	p.waitFor("the details closed", "!("+visible("#details")+") && "+focused("grid"))
	eval[bool](p, "document.querySelector('nav [aria-current]').focus() ?? true")
	p.keys(kb.ArrowDown + kb.Enter)
	p.waitFor("the next resource", says("#title", "podtemplates"))
}

func TestBackGoesBack(t *testing.T) {
	p := connected(t, aliceToken, "#cluster=east&resource=pods&namespace=team-a")
	p.waitFor("the pods", rows(teamPods))
	p.click("nav [data-key='deployments.apps']")
	p.waitFor("the refusal", says("#notice", "Not allowed (403)"))
	p.run(chromedp.NavigateBack())
	p.waitFor("the pods again", rows(teamPods))
}

func TestAPIServerIsAskedPastTheCache(t *testing.T) {
	p := connected(t, adminToken, "#cluster=east&resource=pods&namespace=team-a")
	p.waitFor("the answer from memory", says("#answer", "k8cache; hit"))
	p.click("#past")
	p.waitFor("the API server's", says("#answer", "k8cache; fwd=bypass"))
	p.waitFor("the same rows", rows(teamPods))
	p.expect("#answer", "-H 'Cache-Control: no-cache'")
	p.picture("past-the-cache")
	p.click("#refresh")
	p.waitFor("the answer from memory", says("#answer", "k8cache; hit"))
	p.click("#refresh")
	p.waitFor("nothing new", says("#answer", "304 Not Modified"))
	p.waitFor("the same rows", rows(teamPods))
}

func TestRefreshByItself(t *testing.T) {
	p := connected(t, aliceToken, "#cluster=east&resource=pods&namespace=team-b")
	p.waitFor("the pods", rows(teamPods))
	pods := shared.client.CoreV1().Pods("team-b")
	pod, err := pods.Create(t.Context(), newPod("team-b", "fresh-1", map[string]string{"app": "fresh"}), create)
	if err != nil {
		t.Fatal(err)
	}
	eval[bool](p, `(() => { const s = document.querySelector('#every'); s.value = '2'; return s.dispatchEvent(new Event('change')) })()`)
	began := time.Now()
	p.waitFor("the new pod", rows(teamPods+1))
	t.Logf("seen after %s", time.Since(began).Round(time.Millisecond))
	p.clickRow("fresh-1")
	p.waitFor("its details", says("#details .chips", "app=fresh"))
	pod.Labels["app"] = "changed"
	if _, err := pods.Update(t.Context(), pod, update); err != nil {
		t.Fatal(err)
	}
	p.waitFor("the change", says("#details .chips", "app=changed"))
	if err := pods.Delete(t.Context(), "fresh-1", now); err != nil {
		t.Fatal(err)
	}
	p.waitFor("its end", "document.querySelector('#details.gone') && "+rows(teamPods))
}
