package ui

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
)

// allPods are those that the admin sees.
var allPods = loadPods + len(teams)*teamPods

func TestTokenIsAskedForAndRefused(t *testing.T) {
	p := open(t, shared.token.URL, "")
	p.waitFor("the token form", visible("#token-field"))
	p.picture("gate")
	p.connect("two words")
	p.waitFor("the fault", says("#token-fault", "This is no token"))
	eval[string](p, "document.querySelector('#token-field').value = ''")
	p.connect("nobodys-token")
	p.waitFor("the refusal", says("#token-fault", "The cluster does not know this token"))
	p.picture("gate-refused")
	p.connect("Bearer " + adminToken)
	p.waitFor("the pods", rows(allPods))
	p.expect("#user", "You are root@example.com")
	p.picture("pods")
	p.dark()
	p.picture("pods-dark")
}

func TestTokenIsKeptInMemoryAlone(t *testing.T) {
	p := connected(t, aliceToken, "#cluster=east&resource=pods")
	p.waitFor("the pods", rows(2*teamPods))
	p.clickRow("api-7d4b9c6f5-0")
	p.waitFor("the details", visible(".json"))
	for _, place := range []string{
		"location.href", "document.cookie", "document.documentElement.outerHTML", "document.referrer",
		"JSON.stringify([...document.querySelectorAll('input')].map((e) => e.value))",
		"JSON.stringify({...localStorage})", "JSON.stringify({...sessionStorage})", "JSON.stringify(history.state)",
		"JSON.stringify(performance.getEntries().map((e) => e.name))",
		"indexedDB.databases().then(JSON.stringify)", "caches.keys().then(JSON.stringify)",
	} {
		if eval[bool](p, fmt.Sprintf("Promise.resolve(%s).then((text) => text.includes(%q))", place, aliceToken)) {
			t.Errorf("the token is in %s", place)
		}
	}
	p.run(chromedp.Reload())
	p.waitFor("the token form after a reload", visible("#token-field"))
	p.connect(aliceToken)
	p.waitFor("the same place", rows(2*teamPods))
}

func TestTokenIsChangedAndForgotten(t *testing.T) {
	p := connected(t, aliceToken, "")
	p.waitFor("alice's pods", rows(2*teamPods))
	p.click("#token")
	p.click("#token-cancel")
	p.waitFor("alice's pods again", rows(2*teamPods))
	p.click("#token")
	p.connect(adminToken)
	p.waitFor("the admin's pods", rows(allPods))
	p.expect("#user", "root@example.com")
	p.click("#token")
	p.click("#token-forget")
	p.waitFor("no way back", visible("#token-field")+" && !("+visible("#token-cancel")+")")
}

func TestKubeconfigModeNeedsNoToken(t *testing.T) {
	p := open(t, shared.local.URL, "#cluster=east&resource=pods&namespace=team-a")
	p.waitFor("the pods", rows(teamPods))
	p.expect("#user", "You are admin")
	if eval[bool](p, visible("#token")) {
		t.Error("a button for tokens is shown where none counts")
	}
	p.picture("kubeconfig-mode")
}

// TestClusterOfTheAddressIsAsked, and not the default one, which does not know the caller here.
func TestClusterOfTheAddressIsAsked(t *testing.T) {
	real, err := url.Parse(shared.token.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(real)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/k8cache/v1/status" && r.URL.Query().Get("cluster") != "west" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	p := open(t, server.URL, "")
	p.connect(aliceToken)
	p.waitFor("the default cluster's refusal", says("#token-fault", "The cluster does not know this token"))
	p = open(t, server.URL, "#cluster=west&resource=pods")
	p.connect(aliceToken)
	p.waitFor("what the other cluster shows", rows(2*teamPods))
}
