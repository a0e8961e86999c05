package rbactest

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/k8cache/k8cache/internal/informers/store"
	"github.com/k8cache/k8cache/internal/rbac"
	"github.com/k8cache/k8cache/internal/serialize"
)

// Cluster holds the RBAC of one cluster in collections, as informers do. Put and Remove stand for events; they and
// the readers may run at once.
type Cluster struct {
	mu      sync.Mutex
	version uint64
	err     error

	roles, clusterRoles, roleBindings, clusterRoleBindings *store.Collection
}

var _ rbac.Collections = (*Cluster)(nil)

// NewCluster returns a cluster in which the world stands.
func NewCluster(w World) (*Cluster, error) {
	c := &Cluster{version: 1000}
	var errs [4]error
	c.roles, errs[0] = fill(c.version, w.Roles)
	c.clusterRoles, errs[1] = fill(c.version, w.ClusterRoles)
	c.roleBindings, errs[2] = fill(c.version, w.RoleBindings)
	c.clusterRoleBindings, errs[3] = fill(c.version, w.ClusterRoleBindings)
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

// RBAC returns the collections as they stand, or the error that Fail set.
func (c *Cluster) RBAC(context.Context) (rbac.Snapshots, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return rbac.Snapshots{
		Roles:               c.roles.Snapshot(),
		ClusterRoles:        c.clusterRoles.Snapshot(),
		RoleBindings:        c.roleBindings.Snapshot(),
		ClusterRoleBindings: c.clusterRoleBindings.Snapshot(),
	}, c.err
}

// Fail makes the collections unreadable, as while they are not synced; nil makes them readable again.
func (c *Cluster) Fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.err = err
}

// Put adds or replaces an RBAC object.
func (c *Cluster) Put(o metav1.Object) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	item, err := c.eventLocked(o)
	if err == nil {
		c.collection(o).Upsert(item)
	}
	return err
}

// Remove deletes an RBAC object.
func (c *Cluster) Remove(o metav1.Object) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	item, err := c.eventLocked(o)
	if err == nil {
		c.collection(o).Delete(item)
	}
	return err
}

// Bookmark moves every collection's version and nothing else.
func (c *Cluster) Bookmark() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.version++
	for _, collection := range []*store.Collection{c.roles, c.clusterRoles, c.roleBindings, c.clusterRoleBindings} {
		collection.Bookmark(c.version)
	}
}

// eventLocked returns the object at the next version.
func (c *Cluster) eventLocked(o metav1.Object) (serialize.Object, error) {
	c.version++
	o.SetResourceVersion(strconv.FormatUint(c.version, 10))
	return encode(o)
}

// collection returns where objects of the kind stand.
func (c *Cluster) collection(o metav1.Object) *store.Collection {
	switch o.(type) {
	case *rbacv1.Role:
		return c.roles
	case *rbacv1.ClusterRole:
		return c.clusterRoles
	case *rbacv1.RoleBinding:
		return c.roleBindings
	default:
		return c.clusterRoleBindings
	}
}

// fill returns a collection that holds the objects.
func fill[T metav1.Object](version uint64, objects []T) (*store.Collection, error) {
	c := store.New(store.Options{})
	builder := c.Builder()
	for _, o := range objects {
		item, err := encode(o)
		if err != nil {
			return nil, err
		}
		if err := builder.Add(item); err != nil {
			return nil, fmt.Errorf("add %s: %w", item.Key(), err)
		}
	}
	c.Replace(builder, version)
	return c, nil
}

// encode returns the object as the store holds it.
func encode(o metav1.Object) (serialize.Object, error) {
	raw, err := json.Marshal(o)
	if err != nil {
		return serialize.Object{}, fmt.Errorf("encode %s/%s: %w", o.GetNamespace(), o.GetName(), err)
	}
	item, err := serialize.Parse(raw)
	if err != nil {
		return serialize.Object{}, fmt.Errorf("parse %s/%s: %w", o.GetNamespace(), o.GetName(), err)
	}
	return item, nil
}
