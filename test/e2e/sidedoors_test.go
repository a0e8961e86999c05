package e2e

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
)

// envelope is what a list says beside its items.
type envelope struct {
	Metadata struct {
		Continue           string `json:"continue"`
		RemainingItemCount *int64 `json:"remainingItemCount"`
		ResourceVersion    string `json:"resourceVersion"`
	} `json:"metadata"`
	Items []json.RawMessage `json:"items"`
}

func envelopeOf(t *testing.T, answer *env.Answer) envelope {
	t.Helper()
	var e envelope
	if err := json.Unmarshal(answer.Body, &e); err != nil || answer.Code != http.StatusOK {
		t.Fatalf("code %d: %v: %s", answer.Code, err, answer.Body)
	}
	return e
}

// TestThreat07_MetadataTellsOnlyOfWhatIsSeen changes what a caller does not see, and looks at all that is not items.
func TestThreat07_MetadataTellsOnlyOfWhatIsSeen(t *testing.T) {
	p := eastPair()
	who := readerOfThree(t, p)
	all := envelopeOf(t, cached(t, p.server, get(who, "/api/v1/pods")))
	t.Run("what remains", func(t *testing.T) {
		first := envelopeOf(t, cached(t, p.server, get(who, "/api/v1/pods?limit=1")))
		if first.Metadata.RemainingItemCount == nil || *first.Metadata.RemainingItemCount != int64(len(all.Items)-1) {
			t.Errorf("remaining %v of %d", first.Metadata.RemainingItemCount, len(all.Items))
		}
	})
	t.Run("entity tag", func(t *testing.T) {
		tag := cached(t, p.server, get(who, "/api/v1/pods")).Header.Get("ETag")
		unseen := p.cluster.Namespace("n03")
		object(t, p.cluster, fmt.Sprintf("{apiVersion: v1, kind: Pod, metadata: {name: %s, namespace: %s}, spec: {containers: [{name: c, image: i}]}}", unique("unseen"), unseen))
		eventually(t, "the pod at k8cache", func() error {
			now := cached(t, p.server, get(p.cluster.Admin, "/api/v1/namespaces/"+unseen+"/pods"))
			if !bytes.Contains(now.Body, []byte("unseen-")) {
				return errors.New("not there yet")
			}
			return nil
		})
		if again := cached(t, p.server, get(who, "/api/v1/pods", "If-None-Match: "+tag)); again.Code != http.StatusNotModified {
			t.Errorf("code %d for what has not changed for this caller", again.Code)
		}
	})
	t.Run("status page", func(t *testing.T) {
		page := cached(t, shared.Front.Server, get(who, "/k8cache/v1/status"))
		if page.Code != http.StatusOK {
			t.Fatalf("code %d: %s", page.Code, page.Body)
		}
		for _, path := range counted(t, page.Body) { // service accounts may list a kind or two
			if answer := direct(t, p.cluster, get(who, path)); answer.Code != http.StatusOK {
				t.Errorf("counts of %s, which the caller may not list: %s", path, page.Body)
			}
		}
	})
}

// counted are the paths of the collections that a status page tells of.
func counted(t *testing.T, page []byte) []string {
	t.Helper()
	var status struct {
		Clusters []struct {
			Collections []struct{ Group, Version, Resource string }
		}
	}
	must(t, json.Unmarshal(page, &status))
	var paths []string
	for _, cluster := range status.Clusters {
		for _, of := range cluster.Collections {
			group := schema.GroupVersion{Group: of.Group, Version: of.Version}
			paths = append(paths, root(t, group.String())+"/"+of.Resource)
		}
	}
	return paths
}

// TestThreat08_ContinueTokensAreTheirOwnersAndUnaltered goes through pages, and takes a token elsewhere.
func TestThreat08_ContinueTokensAreTheirOwnersAndUnaltered(t *testing.T) {
	p := eastPair()
	who, other := readerOfThree(t, p), readerOfThree(t, p)
	whole := envelopeOf(t, cached(t, p.server, get(who, "/api/v1/pods")))
	items, token := pages(t, p, who, 2)
	if len(items) != len(whole.Items) {
		t.Errorf("%d items in pages, %d in one", len(items), len(whole.Items))
	}
	for i := range items {
		if !bytes.Equal(items[i], whole.Items[i]) {
			t.Errorf("item %d of the pages is another than that of the whole list", i)
		}
	}
	path := "/api/v1/pods?limit=2&continue=" + url.QueryEscape(token)
	for name, request := range map[string]env.Request{
		"another caller": get(other, path),
		"another query":  get(who, path+"&labelSelector=app"),
		"another kind":   get(who, strings.Replace(path, "/pods?", "/namespaces/"+p.cluster.Namespace("a")+"/pods?", 1)),
		"altered":        get(who, strings.Replace(path, url.QueryEscape(token), url.QueryEscape(altered(token)), 1)),
	} {
		if answer := cached(t, p.server, request); answer.Code != http.StatusBadRequest && answer.Code != http.StatusGone {
			t.Errorf("%s: code %d: %.200s", name, answer.Code, answer.Body)
		}
	}
}

// pages lists in pages, and returns the items and the last token.
func pages(t *testing.T, p pair, who *testenv.Identity, limit int) (items []json.RawMessage, token string) {
	t.Helper()
	next := ""
	for {
		page := envelopeOf(t, cached(t, p.server, get(who, fmt.Sprintf("/api/v1/pods?limit=%d&continue=%s", limit, url.QueryEscape(next)))))
		items = append(items, page.Items...)
		if next = page.Metadata.Continue; next == "" {
			return items, token
		}
		token = next
	}
}

// altered changes a letter in the middle of a token.
func altered(token string) string {
	i, letter := len(token)/2, "A"
	if token[i] == 'A' {
		letter = "B"
	}
	return token[:i] + letter + token[i+1:]
}

// TestOwnWritesAreReadAtOnce writes through k8cache and reads through it, without waiting.
func TestOwnWritesAreReadAtOnce(t *testing.T) {
	p := eastPair()
	admin, path := p.cluster.Admin, "/api/v1/namespaces/"+p.cluster.Namespace("n04")+"/configmaps"
	cached(t, p.server, get(admin, path)) // from now on it is kept
	for i := range 20 {
		name := unique("own")
		made := cached(t, p.server, ask(http.MethodPost, admin, path, `{"metadata":{"name":"`+name+`"}}`))
		if made.Code != http.StatusCreated {
			t.Fatalf("code %d: %s", made.Code, made.Body)
		}
		if read := cached(t, p.server, get(admin, path+"/"+name)); read.Code != http.StatusOK || !bytes.Equal(read.Body, made.Body) {
			t.Errorf("round %d: read code %d after a write", i, read.Code)
		}
		patch := ask(http.MethodPatch, admin, path+"/"+name, `{"data":{"a":"b"}}`, "Content-Type: application/merge-patch+json")
		cached(t, p.server, patch)
		if read := cached(t, p.server, get(admin, path+"/"+name)); !bytes.Contains(read.Body, []byte(`"data":{"a":"b"}`)) {
			t.Errorf("round %d: the patch is not in the next read", i)
		}
		cached(t, p.server, ask(http.MethodDelete, admin, path+"/"+name, ""))
		if read := cached(t, p.server, get(admin, path)); bytes.Contains(read.Body, []byte(name)) {
			t.Errorf("round %d: still listed after its deletion", i)
		}
	}
}
