package ui

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestPartOfAListIsCalledSo(t *testing.T) {
	p := connected(t, aliceToken, "#cluster=east&resource=pods")
	p.waitFor("the part", rows(2*teamPods))
	p.waitFor("the remark", says("#about", "You see the part of this list that your RBAC allows."))
	p.expect("#about", "You may list pods in 2 namespaces: team-a, team-b.")
	p.expect("#answer", "200 OK", "k8cache; hit")
	p.picture("partial")
	p.dark()
	p.picture("partial-dark")
}

func TestWholeListIsNotCalledPart(t *testing.T) {
	p := connected(t, aliceToken, "#cluster=east&resource=pods&namespace=team-a")
	p.waitFor("all of a namespace", rows(teamPods))
	p.waitFor("what surrounds it", "document.querySelector('#namespaces').options.length == 2")
	if said := p.text("#about"); said != "" {
		t.Errorf("got %q about a whole list", said)
	}
}

func TestForbiddenSaysWhoAndWhy(t *testing.T) {
	p := connected(t, aliceToken, "#cluster=east&resource=deployments.apps")
	p.waitFor("the refusal", says("#notice", "Not allowed (403)"))
	p.expect("#notice", `deployments.apps is forbidden: User "alice@example.com" cannot list resource "deployments"`,
		"You are alice@example.com")
	p.expect("#answer", "403 Forbidden")
	p.picture("forbidden")
	p.dark()
	p.picture("forbidden-dark")
	p.click("nav [data-key=pods]")
	p.waitFor("what she may see", rows(2*teamPods))
	p.run(chromedp.SendKeys(chromedp.CSS("#namespace"), "team-c"+kb.Enter))
	p.waitFor("the refusal", says("#notice", `cannot list resource "pods" in API group "" in the namespace "team-c"`))
}

func TestUserWithoutRights(t *testing.T) {
	p := connected(t, carolToken, "")
	p.waitFor("the refusal", says("#notice", "Not allowed (403)"))
	p.expect("#notice", "You are carol@example.com")
}

func TestEmptyListAndEmptyFilter(t *testing.T) {
	p := connected(t, adminToken, "#cluster=east&resource=pods&namespace=odd")
	p.waitFor("the empty list", says("#notice", "No pods in namespace odd"))
	p.picture("empty")
	p.click("#notice button")
	p.waitFor("all namespaces", rows(allPods))
	p.run(chromedp.SendKeys(chromedp.CSS("#filter"), "no such pod"))
	p.waitFor("nothing found", says("#notice", "None of 10,036 rows contains “no such pod”"))
	p.click("#notice button")
	p.waitFor("all rows", rows(allPods))
}

func TestClusterIsChosenOrTyped(t *testing.T) {
	p := connected(t, aliceToken, "")
	p.waitFor("the first cluster", rows(2*teamPods))
	choose := func(name string) {
		eval[bool](p, `(() => { const s = document.querySelector('#cluster'); s.value = '`+name+`'; return s.dispatchEvent(new Event('change')) })()`)
	}
	choose("west")
	p.waitFor("the other cluster", "location.hash.includes('cluster=west') && "+rows(2*teamPods))
	p.expect("#answer", "/clusters/west/api/v1/pods")
	choose("")
	p.waitFor("the dialog", visible("#cluster-dialog"))
	p.picture("cluster-dialog")
	p.run(chromedp.SendKeys(chromedp.CSS("#cluster-name"), "north"+kb.Enter))
	p.waitFor("the refusal", says("#notice", `cluster "north" not found`))
	for _, name := range []string{"..", "."} {
		choose("")
		p.run(chromedp.SendKeys(chromedp.CSS("#cluster-name"), name+kb.Enter))
		p.waitFor("the refusal of "+name, says("#notice", `"`+name+`" cannot stand in a path`))
	}
}
