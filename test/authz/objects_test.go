package authz

import (
	"context"
	"encoding/json"
	"strconv"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/serialize"
)

// objects are an API server's RBAC objects, as of the last read.
type objects struct {
	*kubernetes.Clientset
	collections [4]*store.Collection
}

func newObjects(t *testing.T, config *rest.Config) *objects {
	t.Helper()
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	o := &objects{Clientset: client}
	for i := range o.collections {
		o.collections[i] = store.New(store.Options{})
	}
	o.read(t)
	return o
}

// RBAC returns what was read.
func (o *objects) RBAC(context.Context) (rbac.Snapshots, error) {
	return rbac.Snapshots{
		Roles: o.collections[0].Snapshot(), ClusterRoles: o.collections[1].Snapshot(),
		RoleBindings: o.collections[2].Snapshot(), ClusterRoleBindings: o.collections[3].Snapshot(),
	}, nil
}

// read reads all RBAC objects, in the place of informers.
func (o *objects) read(t *testing.T) {
	t.Helper()
	for i, resource := range []string{"roles", "clusterroles", "rolebindings", "clusterrolebindings"} {
		raw, err := o.RESTClient().Get().AbsPath("/apis/rbac.authorization.k8s.io/v1/" + resource).Do(t.Context()).Raw()
		if err != nil {
			t.Fatal(err)
		}
		var list struct {
			Metadata metav1.ListMeta   `json:"metadata"`
			Items    []json.RawMessage `json:"items"`
		}
		if err := json.Unmarshal(raw, &list); err != nil {
			t.Fatal(err)
		}
		version, err := strconv.ParseUint(list.Metadata.ResourceVersion, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		o.replace(t, i, list.Items, version)
	}
}

func (o *objects) replace(t *testing.T, i int, items []json.RawMessage, version uint64) {
	t.Helper()
	builder := o.collections[i].Builder()
	for _, item := range items {
		object, err := serialize.Parse(item)
		if err != nil {
			t.Fatal(err)
		}
		if err := builder.Add(object); err != nil {
			t.Fatal(err)
		}
	}
	o.collections[i].Replace(builder, version)
}
