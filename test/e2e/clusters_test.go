package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/k8cache/k8cache/test/e2e/validate"
)

// TestTwoClustersNeverMix lists the same kinds in both.
func TestTwoClustersNeverMix(t *testing.T) {
	eastern, easternServer := east()
	western, westernServer := west(t)
	only := namespace(t, western) // in the west only
	configMap(t, western, only, "only-west", "x")
	eventually(t, "the object in the west", func() error {
		_, err := listOf(cached(t, westernServer, get(western.Admin, "/api/v1/namespaces/"+only+"/configmaps/only-west")))
		if err != nil && strings.Contains(err.Error(), "no items") {
			return nil // it is there, and no list
		}
		return err
	})
	for _, path := range []string{"/api/v1/configmaps", "/api/v1/namespaces", "/apis/e2e.k8cache.dev/v1/widgets"} {
		for range 3 {
			fromEast := pair{eastern, easternServer}.sameList(t, eastern.Admin, path)
			fromWest := pair{western, westernServer}.sameList(t, western.Admin, path)
			if strings.Contains(string(fromEast.Body), only) || strings.Contains(string(fromEast.Body), `"cluster":"`+western.Name+`"`) {
				t.Errorf("%s: something of the west is in the list of the east", path)
			}
			if strings.Contains(string(fromWest.Body), `"cluster":"`+eastern.Name+`"`) {
				t.Errorf("%s: something of the east is in the list of the west", path)
			}
		}
	}
	refused(t, "only-west in the east", cached(t, easternServer, get(eastern.Admin, "/api/v1/namespaces/"+only+"/configmaps/only-west")), http.StatusNotFound, "NotFound")
}

// TestThreat06_TokensCountInTheirOwnClusterOnly uses each admin's token in the other cluster.
func TestThreat06_TokensCountInTheirOwnClusterOnly(t *testing.T) {
	eastern, easternServer := east()
	western, westernServer := west(t)
	for range 2 { // once known, tokens are remembered
		check(t, "east", validate.FromMemory(pair{eastern, easternServer}.sameList(t, eastern.Admin, "/api/v1/pods").Header))
		check(t, "west", validate.FromMemory(pair{western, westernServer}.sameList(t, western.Admin, "/api/v1/pods").Header))
		for _, path := range reads(western) {
			pair{western, westernServer}.same(t, get(eastern.Admin, path)) // 401
			pair{eastern, easternServer}.same(t, get(western.Admin, path))
		}
	}
}

// TestThreat06_RightsCountInTheirOwnClusterOnly has one user name in both, and rights in one.
func TestThreat06_RightsCountInTheirOwnClusterOnly(t *testing.T) {
	eastern, easternServer := east()
	western, westernServer := west(t)
	ownPlane(t)
	easternAlice, err := eastern.Static()
	must(t, err)
	westernAlice, err := western.Static()
	must(t, err)
	namespace := eastern.Namespace("n03")
	grant(t, eastern, easternAlice, namespace, readPods)
	path := "/api/v1/namespaces/" + namespace + "/pods"
	knows(t, easternServer, easternAlice, path)
	for range 2 {
		pair{western, westernServer}.same(t, get(westernAlice, path))
		pair{western, westernServer}.same(t, get(westernAlice, "/api/v1/pods"))
		pair{western, westernServer}.same(t, get(easternAlice, path))
		pair{eastern, easternServer}.same(t, get(westernAlice, path))
		pair{eastern, easternServer}.sameList(t, easternAlice, path)
	}
}

// TestStaticUserByGroup is a caller known by a static token, whose rights come from a group.
func TestStaticUserByGroup(t *testing.T) {
	ownPlane(t)
	p := eastPair()
	alice, err := p.cluster.Static()
	must(t, err)
	must(t, p.cluster.Grant(t.Context(), teamA, p.cluster.Namespace("n04"), listConfigMaps))
	knows(t, p.server, alice, "/api/v1/namespaces/"+p.cluster.Namespace("n04")+"/configmaps")
	seesUnion(t, p, alice, "configmaps", []string{"n04"})
}
