package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/hack/testenv"
	"github.com/k8cache/k8cache/test/e2e/env"
	"github.com/k8cache/k8cache/test/e2e/validate"
)

// replacedPaths are collections that both clusters have, with other objects in each.
var replacedPaths = []string{"/api/v1/configmaps", "/api/v1/pods", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"}

// TestThreat14_ClusterReplacedBehindItsName puts another cluster behind the URL of one, from a cluster with higher
// versions to one with lower and back. Objects, rights and tokens of the one before are gone.
func TestThreat14_ClusterReplacedBehindItsName(t *testing.T) {
	t.Parallel()
	eastern, _ := east()
	western, _ := west(t)
	tap, p := tapped(t)
	ahead(t, eastern, western)
	for _, turn := range []struct{ from, to *env.Cluster }{{eastern, western}, {western, eastern}} {
		who := user(t, turn.from)
		name := namespace(t, turn.from)
		grant(t, turn.from, who, name, readConfigMaps)
		left := configMap(t, turn.from, name, "left-behind", "x")
		knows(t, p.server, who, "/api/v1/configmaps")
		held := continueOf(t, p.server, turn.from)
		for _, path := range replacedPaths {
			pair{turn.from, p.server}.sameList(t, turn.from.Admin, path)
		}
		open := watch(t, p.server, turn.from.Admin, "/api/v1/configmaps?watch=1&allowWatchBookmarks=true")
		open.until(t, `"type":"BOOKMARK"`)
		must(t, tap.Replace(turn.to))
		if rest, err := io.ReadAll(open.lines); errors.Is(err, context.DeadlineExceeded) || bytes.Contains(rest, []byte("left-behind")) {
			t.Errorf("a watch of what is gone goes on: %v, %s", err, rest)
		}
		for _, path := range replacedPaths {
			eventually(t, path+" of "+turn.to.Name, func() error { return isOf(t, p.server, turn.to, path) })
			pair{turn.to, p.server}.sameList(t, turn.to.Admin, path)
		}
		for _, old := range []*testenv.Identity{who, turn.from.Admin} {
			eventually(t, "tokens of "+turn.from.Name, func() error {
				if answer := cached(t, p.server, get(old, "/api/v1/configmaps")); answer.Code != http.StatusUnauthorized {
					return fmt.Errorf("code %d", answer.Code)
				}
				return nil
			})
		}
		for _, path := range []string{"/api/v1/configmaps", "/api/v1/configmaps?limit=500&continue=" + held, "/api/v1/namespaces/" + name + "/configmaps/left-behind"} {
			if answer := cached(t, p.server, get(turn.to.Admin, path)); strings.Contains(string(answer.Body), string(left.GetUID())) {
				t.Errorf("%s shows what %s left behind", path, turn.from.Name)
			}
		}
		stranger := user(t, turn.to)
		refused(t, "who has no rights there", cached(t, p.server, get(stranger, "/api/v1/configmaps")), http.StatusForbidden, "Forbidden")
	}
}

// TestThreat35_AnOlderWorldBehindTheURL has an API server come back with lower versions, as one that was restored from a
// backup, and whose identity tells nothing: the service may not list namespaces. It takes watches from versions still to
// come, and is silent.
func TestThreat35_AnOlderWorldBehindTheURL(t *testing.T) {
	t.Parallel()
	eastern, _ := east()
	western, _ := west(t)
	tap := newTap(t)
	tap.Rule(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/api/v1/namespaces" {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusForbidden)
				_, _ = w.Write([]byte(`{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403}`))
				return
			}
			next.ServeHTTP(w, r)
		})
	})
	front := start(t, []testenv.Context{tap.Context(eastern.Name)}, testenv.ProcessOptions{})
	server := front.Of(eastern)
	ahead(t, eastern, western)
	for _, path := range replacedPaths {
		pair{eastern, server}.sameList(t, eastern.Admin, path)
	}
	must(t, tap.Replace(western))
	for _, path := range replacedPaths {
		eventually(t, path, func() error { return isOf(t, server, western, path) })
	}
}

// ahead makes sure that the versions of one cluster are beyond those of another.
func ahead(t *testing.T, one, other *env.Cluster) {
	t.Helper()
	const path = "/api/v1/configmaps"
	for range 2000 {
		first, err := strconv.Atoi(versionOf(t, direct(t, one, get(one.Admin, path)).Body))
		must(t, err)
		second, err := strconv.Atoi(versionOf(t, direct(t, other, get(other.Admin, path)).Body))
		must(t, err)
		if first > second+200 {
			return
		}
		configMap(t, one, one.Namespace("a"), unique("ahead"), "x")
	}
}

// isOf says whether a list is one cluster's, by what its API server says at the time.
func isOf(t *testing.T, server *env.Server, cluster *env.Cluster, path string) error {
	t.Helper()
	got := cached(t, server, get(cluster.Admin, path))
	if _, err := listOf(got); err != nil {
		return err
	}
	return validate.SameBytes(direct(t, cluster, get(cluster.Admin, at(path, versionOf(t, got.Body)))).Body, got.Body)
}

// continueOf is a token for the second page of a list of config maps.
func continueOf(t *testing.T, server *env.Server, cluster *env.Cluster) string {
	t.Helper()
	var page metav1.PartialObjectMetadataList
	must(t, json.Unmarshal(cached(t, server, get(cluster.Admin, "/api/v1/configmaps?limit=1")).Body, &page))
	return page.Continue
}

// TestThreat14_AnotherKubeconfigUnderTheSameName starts k8cache with it: nothing is kept between two lives, and no token
// of the one counts in the other.
func TestThreat14_AnotherKubeconfigUnderTheSameName(t *testing.T) {
	t.Parallel()
	eastern, _ := east()
	western, _ := west(t)
	const name = "one-name"
	first := start(t, []testenv.Context{{Name: name, Config: eastern.Context().Config}}, testenv.ProcessOptions{})
	pair{eastern, first.At("/clusters/" + name)}.sameList(t, eastern.Admin, "/api/v1/configmaps")
	held := continueOf(t, first.At("/clusters/"+name), eastern)
	second := start(t, []testenv.Context{{Name: name, Config: western.Context().Config}}, testenv.ProcessOptions{})
	server := second.At("/clusters/" + name)
	for _, path := range replacedPaths {
		pair{western, server}.sameList(t, western.Admin, path)
	}
	refused(t, "a token of the first", cached(t, server, get(eastern.Admin, "/api/v1/configmaps")), http.StatusUnauthorized, "Unauthorized")
	answer := cached(t, server, get(western.Admin, "/api/v1/configmaps?limit=500&continue="+held))
	if strings.Contains(string(answer.Body), `"cluster":"`+eastern.Name+`"`) {
		t.Error("a continue token of the first shows its objects")
	}
}
