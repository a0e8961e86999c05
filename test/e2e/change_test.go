package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/k8cache/k8cache/test/e2e/validate"
)

// names are those in a namespace's list, out of memory.
func (p pair) names(t *testing.T, path string) []string {
	t.Helper()
	answer := cached(t, p.server, get(p.cluster.Admin, path))
	check(t, path, validate.FromMemory(answer.Header))
	var names []string
	for _, item := range list(t, answer).Items {
		names = append(names, item.Name)
	}
	return names
}

// settles waits until the names in a list are the wanted ones, and compares the list with the API server's.
func (p pair) settles(t *testing.T, path string, names ...string) {
	t.Helper()
	eventually(t, path, func() error {
		if got := p.names(t, path); !slices.Equal(got, names) {
			return fmt.Errorf("got %q, want %q", got, names)
		}
		return nil
	})
	p.sameList(t, p.cluster.Admin, path)
}

// TestChangesAreSeenSoon creates, updates and deletes at the API server.
func TestChangesAreSeenSoon(t *testing.T) {
	p := eastPair()
	namespace := namespace(t, p.cluster)
	path := "/api/v1/namespaces/" + namespace + "/configmaps"
	p.names(t, path) // the collection is watched from here on at the latest
	second := configMap(t, p.cluster, namespace, "two", "old")
	configMap(t, p.cluster, namespace, "one", "x")
	configMap(t, p.cluster, namespace, "one.b", "x")
	eventually(t, "all created", func() error {
		if got := p.names(t, path); len(got) < 3 {
			return fmt.Errorf("got %q", got)
		}
		return nil
	})
	patched, err := p.cluster.Client.CoreV1().ConfigMaps(namespace).Patch(t.Context(), "two", types.MergePatchType,
		[]byte(`{"data":{"value":"new"}}`), metav1.PatchOptions{})
	must(t, err)
	eventually(t, "the update", func() error {
		if answer := cached(t, p.server, get(p.cluster.Admin, path+"/two")); !strings.Contains(string(answer.Body), patched.ResourceVersion) {
			return fmt.Errorf("got %s", answer.Body)
		}
		return nil
	})
	p.same(t, get(p.cluster.Admin, path+"/two"))
	remove(t, p.cluster, second)
	eventually(t, "the deletion", func() error {
		if got := p.names(t, path); slices.Contains(got, "two") {
			return fmt.Errorf("got %q", got)
		}
		return nil
	})
	refused(t, "two", cached(t, p.server, get(p.cluster.Admin, path+"/two")), http.StatusNotFound, "NotFound")
	p.sameList(t, p.cluster.Admin, path)
	p.sameList(t, p.cluster.Admin, "/api/v1/configmaps")
}

// TestChangesThroughTheCacheAreSeenSoon writes through k8cache instead.
func TestChangesThroughTheCacheAreSeenSoon(t *testing.T) {
	p := eastPair()
	namespace := namespace(t, p.cluster)
	path := "/api/v1/namespaces/" + namespace + "/configmaps"
	admin := p.cluster.Admin
	write := func(method, path, body string, code int, lines ...string) {
		t.Helper()
		if answer := cached(t, p.server, ask(method, admin, path, body, lines...)); answer.Code != code {
			t.Errorf("%s %s: code %d, want %d: %s", method, path, answer.Code, code, answer.Body)
		}
	}
	write(http.MethodPost, path, `{"metadata":{"name":"made"},"data":{"value":"1"}}`, http.StatusCreated)
	write(http.MethodPost, path, `{"metadata":{"name":"made"}}`, http.StatusConflict)
	p.settles(t, path, "kube-root-ca.crt", "made")
	write(http.MethodPut, path+"/made", `{"metadata":{"name":"made"},"data":{"value":"2"}}`, http.StatusOK)
	write(http.MethodPatch, path+"/made", `{"data":{"value":"3"}}`, http.StatusOK, "Content-Type: application/merge-patch+json")
	eventually(t, "the last write", func() error {
		if answer := cached(t, p.server, get(admin, path+"/made")); !strings.Contains(string(answer.Body), `"value":"3"`) {
			return fmt.Errorf("got %s", answer.Body)
		}
		return nil
	})
	write(http.MethodDelete, path+"/made", "", http.StatusOK)
	p.settles(t, path, "kube-root-ca.crt")
	write(http.MethodDelete, path+"?fieldSelector=metadata.name!%3Dkube-root-ca.crt", "", http.StatusOK)
}

// TestThreat13_NamespaceDeletedAndMadeAnew leaves nothing of the old one to those who may see the new one.
func TestThreat13_NamespaceDeletedAndMadeAnew(t *testing.T) {
	p := eastPair()
	who, name := user(t, p.cluster), p.cluster.Namespace(unique("t"))
	text := "{apiVersion: v1, kind: Namespace, metadata: {name: " + name + "}}"
	first := object(t, p.cluster, text)
	configMap(t, p.cluster, name, "of-the-first", "x")
	path := "/api/v1/namespaces/" + name + "/configmaps"
	grant(t, p.cluster, who, name, listConfigMaps)
	knows(t, p.server, who, path)
	remove(t, p.cluster, first)
	eventually(t, "the namespace's end", func() error {
		if answer := cached(t, p.server, get(p.cluster.Admin, "/api/v1/namespaces/"+name)); answer.Code != http.StatusNotFound {
			return fmt.Errorf("code %d", answer.Code)
		}
		return nil
	})
	p.settles(t, path)
	p.same(t, get(who, path)) // 403: the binding went with it
	if answer := cached(t, p.server, get(who, "/api/v1/configmaps")); answer.Code != http.StatusForbidden {
		t.Errorf("after the namespace was deleted: code %d, want 403", answer.Code)
	}
	object(t, p.cluster, text)
	configMap(t, p.cluster, name, "of-the-second", "x")
	grant(t, p.cluster, who, name, listConfigMaps)
	knows(t, p.server, who, path)
	eventually(t, "the second's objects", func() error {
		body := string(cached(t, p.server, get(who, path)).Body)
		if strings.Contains(body, "of-the-first") {
			t.Errorf("something of the first namespace is in the second: %s", body)
		}
		if !strings.Contains(body, "of-the-second") {
			return fmt.Errorf("got %s", body)
		}
		return nil
	})
}
