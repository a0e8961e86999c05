package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// TestWritesAreJudgedByTheCluster writes as somebody who may read only.
func TestWritesAreJudgedByTheCluster(t *testing.T) {
	p := eastPair()
	who, namespace := user(t, p.cluster), p.cluster.Namespace("n05")
	grant(t, p.cluster, who, namespace, readConfigMaps)
	path := "/api/v1/namespaces/" + namespace + "/configmaps"
	knows(t, p.server, who, path)
	for _, request := range []env.Request{
		ask(http.MethodPost, who, path, `{"metadata":{"name":"x"}}`),
		ask(http.MethodPut, who, path+"/settings", `{"metadata":{"name":"settings"}}`),
		ask(http.MethodPatch, who, path+"/settings", `{"data":{}}`, "Content-Type: application/merge-patch+json"),
		ask(http.MethodDelete, who, path+"/settings", ""),
		ask(http.MethodDelete, who, path, ""),
		ask(http.MethodPost, who, "/api/v1/namespaces", `{"metadata":{"name":"x"}}`),
		ask(http.MethodPost, who, "/apis/authorization.k8s.io/v1/subjectaccessreviews", `{"spec":{}}`),
	} {
		answer := p.same(t, request)
		if answer.Code != http.StatusForbidden {
			t.Errorf("%s %s: code %d, want 403", request.Method, request.Path, answer.Code)
		}
		check(t, request.Path, validate.FromServer(answer.Header))
	}
}

// TestWritesAreTheCallersOwn lets the cluster say who wrote.
func TestWritesAreTheCallersOwn(t *testing.T) {
	p := eastPair()
	who := user(t, p.cluster)
	review := ask(http.MethodPost, who, "/apis/authentication.k8s.io/v1/selfsubjectreviews", `{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}`)
	answer := cached(t, p.server, review)
	if !strings.Contains(string(answer.Body), `"username":"`+who.Name+`"`) {
		t.Errorf("the cluster took %s for somebody else: %s", who.Name, answer.Body)
	}
	grant(t, p.cluster, who, p.cluster.Namespace("n05"), rule("create,delete", "configmaps"))
	path := "/api/v1/namespaces/" + p.cluster.Namespace("n05") + "/configmaps"
	name := unique("cm")
	made := cached(t, p.server, ask(http.MethodPost, who, path, `{"metadata":{"name":"`+name+`"},"data":{"a":"b"}}`, "User-Agent: e2e-writer/1.0"))
	if made.Code != http.StatusCreated || !strings.Contains(string(made.Body), `"manager":"e2e-writer"`) {
		t.Errorf("code %d, want 201 and the client's own name as manager: %s", made.Code, made.Body)
	}
	cached(t, p.server, ask(http.MethodDelete, who, path+"/"+name, ""))
}

// TestAnonymousStaysAnonymous sends no credentials past the cache: k8cache must not lend its own.
func TestAnonymousStaysAnonymous(t *testing.T) {
	p := eastPair()
	ns := "/api/v1/namespaces/" + p.cluster.Namespace("a")
	for _, request := range []env.Request{
		ask(http.MethodPost, nil, ns+"/configmaps", `{"metadata":{"name":"x"}}`),
		ask(http.MethodDelete, nil, ns+"/configmaps/settings", ""),
		get(nil, "/api/v1/secrets"), get(nil, ns+"/secrets/credentials"), get(nil, ns+"/pods/web-000/log"), get(nil, "/version"),
		get(nil, "/apis"), get(nil, "/api/v1/pods", "Cache-Control: no-cache"), get(nil, "/nonsense"),
		ask(http.MethodHead, nil, "/api/v1/pods", ""), ask(http.MethodOptions, nil, "/api/v1/pods", ""),
		ask(http.MethodPost, nil, "/apis/authentication.k8s.io/v1/selfsubjectreviews", `{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}`),
	} {
		p.sameCode(t, request)
		want, got := direct(t, p.cluster, request), cached(t, p.server, request)
		if request.Path != "/version" && got.Code < 300 {
			t.Errorf("%s %s: code %d for nobody", request.Method, request.Path, got.Code)
		}
		check(t, request.Path, validate.SameBytes(want.Body, got.Body))
	}
}

// TestDryRunAndFieldValidation are parameters of writes, which the API server must get.
func TestDryRunAndFieldValidation(t *testing.T) {
	p := eastPair()
	path := "/api/v1/namespaces/" + p.cluster.Namespace("n05") + "/configmaps"
	answer := cached(t, p.server, ask(http.MethodPost, p.cluster.Admin, path+"?dryRun=All", `{"metadata":{"name":"dry"}}`))
	if answer.Code != http.StatusCreated {
		t.Errorf("code %d: %s", answer.Code, answer.Body)
	}
	if answer := p.same(t, get(p.cluster.Admin, path+"/dry")); answer.Code != http.StatusNotFound {
		t.Errorf("a dry run left something: %d", answer.Code)
	}
	strict := p.same(t, ask(http.MethodPost, p.cluster.Admin, path+"?fieldValidation=Strict", `{"metadata":{"name":"dry"},"nonsense":1}`))
	if strict.Code != http.StatusBadRequest {
		t.Errorf("strict: code %d, want 400", strict.Code)
	}
	warned := cached(t, p.server, ask(http.MethodPost, p.cluster.Admin, path+"?fieldValidation=Warn&dryRun=All", `{"metadata":{"name":"dry"},"nonsense":1}`))
	if warned.Header.Get("Warning") == "" {
		t.Error("the API server's warning was lost")
	}
}

// TestWritesAreSeenAtOnce reads after each kind of write through k8cache, without waiting: the deletion of many, and writes
// in another group that show in this one.
func TestWritesAreSeenAtOnce(t *testing.T) {
	p := eastPair()
	ns := namespace(t, p.cluster)
	maps := "/api/v1/namespaces/" + ns + "/configmaps"
	events, others := "/api/v1/namespaces/"+ns+"/events", "/apis/events.k8s.io/v1/namespaces/"+ns+"/events"
	for _, path := range []string{maps, events, others} { // so that all are kept
		check(t, path, validate.FromMemory(cached(t, p.server, get(p.cluster.Admin, path)).Header))
	}
	has := func(path, name string) bool {
		answer := cached(t, p.server, get(p.cluster.Admin, path))
		check(t, path, validate.FromMemory(answer.Header))
		return strings.Contains(string(answer.Body), `"name":"`+name+`"`)
	}
	for range 20 {
		for _, name := range []string{"one", "two"} {
			cached(t, p.server, ask(http.MethodPost, p.cluster.Admin, maps, `{"metadata":{"name":"`+name+`","labels":{"mine":"yes"}}}`))
			cached(t, p.server, ask(http.MethodPost, p.cluster.Admin, others, `{"metadata":{"name":"`+name+`","namespace":"`+ns+`"},"eventTime":"2025-01-01T00:00:00.000000Z",
				"action":"Test","reason":"Test","type":"Normal","reportingController":"e2e","reportingInstance":"e2e","regarding":{"namespace":"`+ns+`"}}`))
			if !has(maps, name) || !has(others, name) || !has(events, name) {
				t.Fatalf("%s was made, and is not seen", name)
			}
		}
		cached(t, p.server, ask(http.MethodDelete, p.cluster.Admin, maps+"?labelSelector=mine", ""))
		cached(t, p.server, ask(http.MethodDelete, p.cluster.Admin, events+"/one", ""))
		cached(t, p.server, ask(http.MethodDelete, p.cluster.Admin, events, ""))
		for _, name := range []string{"one", "two"} {
			if has(maps, name) || has(events, name) || has(others, name) {
				t.Fatalf("%s was deleted, and is still seen", name)
			}
		}
	}
}

// TestLargeWritesAreSeenAtOnce has answers that the API server compresses, as clients of Go ask it to.
func TestLargeWritesAreSeenAtOnce(t *testing.T) {
	p := eastPair()
	maps := "/api/v1/namespaces/" + namespace(t, p.cluster) + "/configmaps"
	check(t, maps, validate.FromMemory(cached(t, p.server, get(p.cluster.Admin, maps)).Header))
	for range 20 {
		for _, name := range []string{"one", "two"} {
			made := cached(t, p.server, ask(http.MethodPost, p.cluster.Admin, maps,
				`{"metadata":{"name":"`+name+`","labels":{"mine":"yes"}},"data":{"large":"`+strings.Repeat("x", 200<<10)+`"}}`, "Accept-Encoding: gzip"))
			if made.Code != http.StatusCreated || made.Header.Get("Content-Encoding") != "gzip" {
				t.Fatalf("code %d, %v", made.Code, made.Header)
			}
			if !strings.Contains(string(cached(t, p.server, get(p.cluster.Admin, maps)).Body), `"name":"`+name+`"`) {
				t.Fatalf("%s was made, and is not seen", name)
			}
		}
		cached(t, p.server, ask(http.MethodDelete, p.cluster.Admin, maps+"?labelSelector=mine", "", "Accept-Encoding: gzip"))
		if strings.Contains(string(cached(t, p.server, get(p.cluster.Admin, maps)).Body), `"large"`) {
			t.Fatal("all were deleted, and are still seen")
		}
	}
}
