package ui

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"github.com/k8cache/k8cache/hack/testenv"
)

func TestDetailsAreTheServersOwnText(t *testing.T) {
	p := connected(t, adminToken, "#cluster=east&resource=measures.example.com")
	p.clickRow("big")
	p.waitFor("the number", says("#details .json", `"value": 9007199254740993`))
	p.expect("#details .answer", "200 OK")
	p.picture("details")
	if eval[bool](p, "((e) => e.scrollWidth > e.clientWidth)(document.querySelector('#details-body'))") {
		t.Error("the details have to be scrolled sideways")
	}
	p.dark()
	p.picture("details-dark")
	eval[bool](p, "[...document.querySelectorAll('.json details')].forEach((d) => { d.open = true; }) ?? true")
	p.waitFor("what was folded", says("#details .json", `"manager":`))
	eval[bool](p, "[...document.querySelectorAll('.json details')].forEach((d) => { d.open = true; }) ?? true")
	p.waitFor("all of it", "[...document.querySelectorAll('.json details')].every((d) => d.children[1].hasChildNodes())")
	got := eval[string](p, `(() => {
		document.querySelectorAll('.json .rest').forEach((rest) => rest.remove());
		return [...document.querySelectorAll('.json .line')].map((line) => line.textContent).join('\n');
	})()`)
	want := ask(t, shared.token.URL+"/clusters/east/apis/example.com/v1/measures/big?pretty=true")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("JSON (-answer +screen):\n%s", diff)
	}
}

func ask(t *testing.T, url string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+adminToken)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // it was read
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(body))
}

func TestHostileTextsStayTexts(t *testing.T) {
	p := connected(t, adminToken, "#cluster=east&resource=clusterroles.rbac.authorization.k8s.io")
	p.clickRow(hostile)
	p.waitFor("its details", says("#details-title", hostile))
	p.waitFor("its JSON", visible(".json"))
	p.picture("hostile")
	if text := p.text("#details-body"); strings.Contains(text, "\nnull\n") {
		t.Errorf("got %q, with labels that are not there", text)
	}
	p.run(chromedp.SendKeys(chromedp.CSS("#filter"), "resu"))
	p.clickRow(`view\u202eresu\u200b`)
	p.waitFor("the turned name", says("#details-title", `view\u202eresu\u200b`))
	p.click("nav [data-key=configmaps]")
	p.clickRow("markup")
	p.waitFor("its texts", says(".json", `\u003cimg src=x onerror='globalThis.harmed = true'\u003e\n{\n}\n]`))
	p.expect(".json", `\u003csvg onload=\"globalThis.harmed = true\"\u003e`)
	if foreign := eval[int](p, "document.querySelectorAll('#app img:not([src=\"icon.svg\"]), #app svg, #app script').length"); foreign > 0 {
		t.Errorf("%d elements of a cluster's making are on the page", foreign)
	}
	if eval[bool](p, "'harmed' in globalThis") {
		t.Error("a script of a cluster's making has run")
	}
}

func TestHostilePlaceStaysText(t *testing.T) {
	p := connected(t, adminToken, "#cluster=east&resource=pods&namespace=%22%3E%3Cimg%20src=x%3E&filter=%3Cimg%20src=x%3E")
	p.waitFor("no rows", visible("#notice .notice"))
	if n := eval[int](p, "document.querySelectorAll('img[src=x]').length"); n > 0 {
		t.Error("the address has put an image on the page")
	}
}

// TestCommandLinesDoTheSame runs what the page offers to copy.
func TestCommandLinesDoTheSame(t *testing.T) {
	kubectl, err := testenv.Binary("kubectl")
	if err != nil {
		t.Fatal(err)
	}
	p := open(t, shared.local.URL, "#cluster=east&resource=clusterroles.rbac.authorization.k8s.io")
	p.clickRow(hostile)
	p.waitFor("its lines", "document.querySelectorAll('#details .command code').length == 2")
	lines := eval[[]string](p, "[...document.querySelectorAll('#details .command code')].map((code) => code.textContent)")
	q := connected(t, adminToken, "#cluster=east&resource=clusterroles.rbac.authorization.k8s.io")
	q.clickRow(hostile)
	q.waitFor("its line", visible("#details .command code"))
	lines = append(lines, q.text("#details .command code"))
	for _, line := range lines {
		t.Log(line)
		if strings.Contains(line, adminToken) {
			t.Error("the token is in the line")
		}
		dir := t.TempDir()
		command := exec.CommandContext(t.Context(), "sh", "-c", line)
		command.Dir = dir
		command.Env = append(os.Environ(), "TOKEN="+adminToken, "KUBECONFIG="+filepath.Join(dir, "none"), "PATH="+filepath.Dir(kubectl)+":"+os.Getenv("PATH"))
		said, err := command.Output()
		if err != nil {
			t.Fatal(err)
		}
		var object struct{ Metadata struct{ Name string } }
		if err := json.Unmarshal(said, &object); err != nil || object.Metadata.Name != hostile {
			t.Errorf("got %s, %v", said, err)
		}
		if files, err := os.ReadDir(dir); err != nil || len(files) > 0 {
			t.Errorf("got files %v, %v: the name has run", files, err)
		}
	}
}
